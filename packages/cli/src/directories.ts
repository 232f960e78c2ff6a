import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { HecateError } from '@hecate/host';

/** The home of the user. Throws UNAVAILABLE where there is none: a number without a name, and no HOME. */
function home(): string {
  try {
    return homedir();
  } catch (cause) {
    const hint = 'Set HOME, or HECATE_DATA_DIR and XDG_STATE_HOME.';
    throw new HecateError('UNAVAILABLE', 'This user has no home directory.', { hint, cause });
  }
}

/** Where a user's data of hecate lies: `HECATE_DATA_DIR`, else below XDG_DATA_HOME, or Library on macOS. */
export function dataDirectory(option?: string): string {
  if (option !== undefined) return resolve(option);
  const { HECATE_DATA_DIR, XDG_DATA_HOME } = process.env;
  if (HECATE_DATA_DIR) return resolve(HECATE_DATA_DIR);
  if (process.platform === 'darwin') return join(home(), 'Library', 'Application Support', 'hecate');
  return join(XDG_DATA_HOME || join(home(), '.local', 'share'), 'hecate');
}

/** Where secrets and state lie: below XDG_STATE_HOME, or Library on macOS. */
export function stateDirectory(): string {
  if (process.platform === 'darwin') return join(home(), 'Library', 'Application Support', 'hecate');
  return join(process.env['XDG_STATE_HOME'] || join(home(), '.local', 'state'), 'hecate');
}
