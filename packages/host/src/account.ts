import { readdirSync, readFileSync } from 'node:fs';
import { errnoOf, HecateError } from './error.ts';
import type { Host } from './host.ts';
import { openNative } from './native.ts';

/** A user of the machine, as /etc/passwd has it (passwd(5)). */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A user by name or number. Throws INVALID when /etc/passwd has none. */
export function findAccount(host: Host, wanted: string): Account {
  for (const line of host.readText('/etc/passwd').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && (name === wanted || uid === wanted) && /^\d+$/.test(uid ?? '') && /^\d+$/.test(gid ?? ''))
      return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new HecateError('INVALID', `There is no user ${JSON.stringify(wanted)} in /etc/passwd.`, {
    hint: 'Make one: useradd --system --shell /usr/sbin/nologin hecate',
  });
}

/** In Node since 0.9, and not in its types. */
const groupsOf = (given: unknown) => given as { initgroups(user: string, extraGroup: number): void };

// linux/prctl.h
const PR_SET_NO_NEW_PRIVS = 38;

/**
 * Makes this process one of that user for ever: groups, user, no capabilities, and no program that it starts gets more.
 * All threads follow (the C library sees to it). Descriptors that are open stay open. Looks whether it holds, for each thread.
 * Throws DENIED when this user may not become another, FAILED when the process could still come back: end it then.
 */
export function becomeUser({ name, uid, gid }: Account): void {
  if (uid === 0) throw new HecateError('INVALID', 'The user root is no user without rights.', { hint: 'Name another one.' });
  try {
    groupsOf(process).initgroups(name, gid);
    process.setgid!(gid);
    process.setuid!(uid);
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') throw error;
    throw new HecateError('DENIED', `Only root can become the user ${name}.`, {
      hint: 'Start hecate as root, or as that user without naming it.',
      cause: error,
    });
  }
  if (process.platform === 'linux') openNative().syscall('prctl', PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const held = canComeBack() ?? (process.platform === 'linux' ? rightsOfThreads(uid, gid) : null);
  if (held !== null) throw new HecateError('FAILED', `The process became the user ${name} and has kept rights: ${held}.`);
}

/** What lets the process be root again; null when nothing does. */
function canComeBack(): string | null {
  for (const [what, set] of [
    ['user', () => process.setuid!(0)],
    ['group', () => process.setgid!(0)],
  ] as const) {
    try {
      set();
      return `it could become ${what} 0 again`;
    } catch (error) {
      if (errnoOf(error) !== 'EPERM') throw error;
    }
  }
  return null;
}

/** The first thread with an identity or a capability that it should not have; null when there is none (proc(5), status). */
function rightsOfThreads(uid: number, gid: number): string | null {
  for (const thread of readdirSync('/proc/self/task')) {
    const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
    const ids = [`Uid:${`\t${uid}`.repeat(4)}\n`, `Gid:${`\t${gid}`.repeat(4)}\n`];
    const capable = /^Cap(?:Inh|Prm|Eff|Amb):\t0*[1-9a-f]/m.exec(status);
    if (!ids.every((line) => status.includes(line)) || capable) return `thread ${thread}`;
  }
  return null;
}
