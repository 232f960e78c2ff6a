import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where a user's data of hecate lies: `HECATE_DATA_DIR`, else below XDG_DATA_HOME, or Library on macOS. */
export function dataDirectory(option?: string): string {
  if (option !== undefined) return resolve(option);
  const { HECATE_DATA_DIR, XDG_DATA_HOME } = process.env;
  if (HECATE_DATA_DIR) return resolve(HECATE_DATA_DIR);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'hecate');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'hecate');
}

/** Where secrets and state lie: below XDG_STATE_HOME, or Library on macOS. */
export function stateDirectory(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'hecate');
  return join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'hecate');
}
