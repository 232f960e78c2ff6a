import { sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { createHub } from '@hecate/observe';
import type { Hub, ServeSettings } from '@hecate/observe';
import { readConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { dataDirectory, stateDirectory } from '../directories.ts';
import { openTarget } from '../target.ts';
import { withFlags } from './settings.ts';
import type { ServeFlags } from './settings.ts';

/** A command line of `hecate serve`, parsed. */
export interface ServeOptions extends ServeFlags {
  readonly record: boolean;
  readonly interval: number;
  readonly dataDir?: string;
  readonly root?: string;
  readonly tune?: string;
  readonly newToken?: boolean;
  readonly format: 'text' | 'json';
}

/** What all parts of the daemon work with. */
export interface DaemonSetup {
  readonly host: Host;
  readonly hub: Hub;
  readonly config: Config;
  /** The section `[serve]`, with the options of the command line before it. */
  readonly settings: ServeSettings;
  /** The profile to keep in force; null: none. */
  readonly profile: string | null;
  readonly dataDir: string;
  readonly stateDir: string;
  /** Whether samples are kept. */
  readonly records: boolean;
  /** Tells people. */
  readonly log: (text: string) => void;
  readonly onError: (error: unknown) => void;
}

/** The same trouble every second is told once. */
function createLog(): (text: string) => void {
  let last = '';
  return (text) => {
    if (text !== last) process.stderr.write(`hecate: ${text}\n`);
    last = text;
  };
}

/** Reads the configuration. Nothing is opened or written yet. Throws INVALID for settings that are none. */
export function prepareDaemon(options: ServeOptions): DaemonSetup {
  const log = createLog();
  const onError = (error: unknown): void => log(sentenceOf(error));
  const host = openTarget(options.root);
  const config = readConfig();
  return {
    host,
    hub: createHub({ host, interval: options.interval, onError }),
    config,
    settings: withFlags(config.serve, options),
    // A machine of files is looked at: nobody works there who would gain by it.
    profile: host.kind === 'rooted' || options.tune === 'off' ? null : (options.tune ?? config.tune.profile),
    dataDir: dataDirectory(options.dataDir),
    stateDir: stateDirectory(),
    // A recorded machine does not change: recording it would fill a disk with one row.
    records: options.record && !host.clock.stands,
    log,
    onError,
  };
}
