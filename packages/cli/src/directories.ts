import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';

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

/** Where configuration lies, the machine's first: what comes later wins. */
export function configDirectories(): string[] {
  if (process.platform === 'darwin')
    return ['/Library/Application Support/hecate', join(home(), 'Library', 'Application Support', 'hecate')];
  return ['/etc/hecate', join(process.env['XDG_CONFIG_HOME'] || join(home(), '.config'), 'hecate')];
}

/** Where the system keeps what belongs to the machine and not to a user. */
const MACHINE_STATE = '/var/lib/hecate';

/**
 * Where the journal of a machine's changes lies. A machine of files has its own, inside its tree: its changes are no other's.
 * On this machine it is root's, below /var/lib; another user can change little, and has it below XDG_STATE_HOME.
 * `--state-dir` comes before all that, `HECATE_STATE_DIR` before what holds for this machine.
 */
export function journalDirectory(host: Host, stateDir?: string): string {
  if (stateDir !== undefined) return join(resolve(stateDir), 'journal');
  if (host.kind === 'rooted') return join(insideOf(host, MACHINE_STATE), 'journal');
  const { HECATE_STATE_DIR } = process.env;
  if (HECATE_STATE_DIR) return join(resolve(HECATE_STATE_DIR), 'journal');
  return join(process.getuid?.() === 0 && process.platform !== 'darwin' ? MACHINE_STATE : stateDirectory(), 'journal');
}

/** A directory of a tree, there or not. Throws INVALID when a link on the way to it leads out of the tree. */
function insideOf(host: Host, directory: string): string {
  try {
    return host.resolve(directory);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    const parent = dirname(directory);
    const place = join(parent === directory ? host.root : insideOf(host, parent), directory.slice(parent.length));
    if (lstatSync(place, { throwIfNoEntry: false }) === undefined) return place;
    throw new HecateError('INVALID', `${place} leads out of ${host.root}.`, {
      hint: 'Name a place for the journal with --state-dir.',
      cause: error,
    });
  }
}
