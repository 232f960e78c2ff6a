import { accessSync, constants, lchownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { becomeUser, causeOf, confineProcess, errnoOf, findAccount, handOver, HecateError, isConfined, sentenceOf } from '@hecate/host';
import type { Account, Host } from '@hecate/host';
import type { Hub } from '@hecate/observe';

/** Rights that a daemon gives up. */
export interface ConfinementPlan {
  /** The user it becomes; null: it stays who it is. */
  readonly user: string | null;
  /** Whether it confines itself; null: where it becomes another user, and the kernel can. */
  readonly sandbox: boolean | null;
  /** Its own directories: data, state. Made where they are not there. */
  readonly directories: readonly string[];
  /** What else it may write. */
  readonly writable: readonly string[];
  /** What it does that takes rights; null: nothing. */
  readonly tunes: boolean;
  readonly acts: boolean;
  readonly log: (text: string) => void;
}

/** Rights that are given up in two steps. */
export interface ConfinedDaemon {
  /** Becomes the user as soon as the first sample is taken: what takes root to open is open then. Resolves at once where none was named. */
  settle(hub: Hub, signal: AbortSignal): Promise<void>;
}

/**
 * What is written on the way of reading: thresholds of waiting are asked for by writing them, and graphics cards are opened for writing
 * to be asked anything.
 */
const ASKED_BY_WRITING = ['/dev/null', '/proc/pressure', '/dev/dri'];
const graphics = (): string[] => readdirSync('/dev').flatMap((name) => (name.startsWith('nvidia') ? [`/dev/${name}`] : []));

/**
 * Looks whether the plan can be carried out, and takes the right to write elsewhere from this process where it is to. Must be called
 * before anything asynchronous touches a file. Throws INVALID, DENIED or UNSUPPORTED with a sentence.
 */
export function confineDaemon(host: Host, plan: ConfinementPlan): ConfinedDaemon {
  const { user, sandbox, directories, writable, tunes, acts, log } = plan;
  if (user !== null) refuseBoth(tunes, acts);
  if (sandbox === true && tunes) {
    throw new HecateError('INVALID', 'A daemon that tunes the machine cannot take the right to write from itself.', {
      hint: 'Leave out sandbox, or --tune.',
    });
  }
  const account = user === null ? null : accountToBecome(host, user);
  if (account) for (const directory of directories) giveDirectory(directory, account);
  const wanted = sandbox ?? user !== null;
  let version: number | null = null;
  if (wanted) {
    for (const directory of directories) mkdirSync(directory, { recursive: true, mode: 0o700 });
    try {
      const made = confineProcess({
        writable: [...directories, ...writable, ...ASKED_BY_WRITING, ...graphics()],
        connect: true,
        signal: acts,
      });
      ({ version } = made);
    } catch (error) {
      if (sandbox === true || !(error instanceof HecateError)) throw error;
      log(`The daemon can write wherever its user can: ${sentenceOf(error)}`);
    }
  }
  return {
    async settle(hub, signal) {
      if (version !== null && !(await isConfined())) {
        log('The threads of Node that read and write files were running already: they are not confined. Please report this.');
      }
      if (!account) return;
      await firstSample(hub, signal);
      if (signal.aborted) return;
      // What was written until now is root's: events, alerts, a token.
      for (const directory of directories) handOver(directory, account);
      becomeUser(account);
      for (const directory of directories) mustWrite(directory, account);
      log(`The daemon is the user ${account.name} from now on.`);
    },
  };
}

/** The account, or null when we are that user already. Throws INVALID when there is none, DENIED when we may not become another. */
function accountToBecome(host: Host, user: string): Account | null {
  const account = findAccount(host, user);
  if (process.getuid?.() === account.uid && account.uid !== 0) return null;
  if (process.getuid?.() === 0) return account;
  throw new HecateError('DENIED', `Only root can become the user ${account.name}.`, { hint: 'Start hecate as root, or as that user.' });
}

function refuseBoth(tunes: boolean, acts: boolean): void {
  const what = tunes ? 'tune the machine' : acts ? 'act on processes of others' : null;
  if (what === null) return;
  throw new HecateError('INVALID', `A daemon that becomes an ordinary user cannot ${what}.`, {
    hint: `Leave out the user, or ${tunes ? '--tune' : '--allow-act'}.`,
  });
}

/** Makes a directory for a user, or sees that it is that user's. Throws INVALID when it belongs to somebody else. */
function giveDirectory(directory: string, { name, uid, gid }: Account): void {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  if (!found) {
    mkdirSync(dirname(directory), { recursive: true });
    mkdirSync(directory, { mode: 0o700 });
    lchownSync(directory, uid, gid);
    return;
  }
  const foreign =
    found.uid === uid
      ? readdirSync(directory)
          .map((entry) => join(directory, entry))
          .find((path) => lstatSync(path, { throwIfNoEntry: false })?.uid !== uid)
      : directory;
  if (foreign === undefined) return;
  throw new HecateError('INVALID', `${foreign} does not belong to the user ${name}.`, {
    hint: `As root: chown -R ${name}: ${directory}`,
  });
}

/** Throws DENIED when the user cannot get to a directory: one above it may be closed to others. */
function mustWrite(directory: string, { name }: Account): void {
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw new HecateError('DENIED', `The user ${name} cannot write in ${directory}: ${causeOf(error)}.`, {
      hint: 'Name other directories with --data-dir and XDG_STATE_HOME: /var/lib is open to all, the home of root is not.',
      cause: error,
    });
  }
}

function firstSample(hub: Hub, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (hub.latest || signal.aborted) return resolve();
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = hub.subscribe(done);
    signal.addEventListener('abort', done);
  });
}
