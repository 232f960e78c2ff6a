/** What a service shall do. */
export interface ServiceSpec {
  /** The program and its arguments, the program as an absolute path. */
  readonly command: readonly [string, ...string[]];
  /** Whether it changes the machine (`--tune`): then it runs as root, with fewer fences. */
  readonly tunes: boolean;
}

/** Where a service that only watches keeps what is its own. Not /var/lib/hecate: root believes the journal that lies there. */
export const WATCHER_HOME = '/var/lib/hecated';

/** Where one that tunes keeps it: as root does who calls hecate by hand. */
export const TUNER_HOME = '/var/lib/hecate';
