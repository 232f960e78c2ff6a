import { dirname } from 'node:path';
import type { Host } from '@hecate/host';
import type { ExportSettings, ServeSettings } from '@hecate/observe';
import type { ConfinedDaemon } from './confinement.ts';

export type { ConfinedDaemon } from './confinement.ts';

/** What the daemon does that takes rights. */
export interface Needs {
  /** Its own directories: data, state. */
  readonly directories: readonly string[];
  readonly exports: readonly ExportSettings[];
  readonly tunes: boolean;
  readonly log: (text: string) => void;
}

/** Gives up what rights the settings say; null: it keeps all. Must come before anything asynchronous touches a file. Throws as confineDaemon. */
export async function giveUpRights(
  host: Host,
  settings: ServeSettings,
  { directories, exports, tunes, log }: Needs,
): Promise<ConfinedDaemon | null> {
  const { user, sandbox, act } = settings;
  if (user === null && sandbox !== true) return null;
  // Files are put aside and replaced there: that takes the directory.
  const exported = exports.flatMap(({ target }) => (target.kind === 'file' ? [dirname(target.path)] : []));
  const { confineDaemon } = await import('./confinement.ts');
  return confineDaemon(host, { user, sandbox, directories, writable: [...settings.writable, ...exported], tunes, acts: act, log });
}
