import { existsSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { userGroups } from '../domain/users.ts';
import type { UserSession } from '../domain/users.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { parseSession } from './session/logind.ts';
import { parseUtmp } from './session/utmp.ts';

/** Where utmp lies: /var/run is a link to /run on all current systems, and was the place on older ones. */
const UTMP = ['/run/utmp', '/var/run/utmp'];
const SESSIONS = '/run/systemd/sessions';

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '');

/** The logins in utmp; undefined where there is no such file. */
function readUtmp(host: Host): UserSession[] | undefined {
  for (const path of UTMP) {
    try {
      return parseUtmp(host.read(path));
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }
  return undefined;
}

/** The sessions of systemd-logind; undefined where it keeps none. */
function readSessions(host: Host): UserSession[] | undefined {
  let names: string[];
  try {
    names = host.list(SESSIONS);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return undefined;
  }
  // Beside each session lies a pipe `ID.ref` that is held open while the session lasts; it must not be read.
  const ids = names.filter((name) => /^[a-zA-Z\d]+$/.test(name)).sort();
  const sessions: UserSession[] = [];
  for (const id of ids) {
    try {
      const session = parseSession(host.readText(`${SESSIONS}/${id}`), id);
      if (session) sessions.push(session);
    } catch (error) {
      // It ended in between.
      if (!isAbsent(error)) throw error;
    }
  }
  return sessions;
}

/** Whether the process that wrote a record lives; one that crashed leaves its record behind. */
function isLive(host: Host, { pid }: UserSession): boolean {
  return pid === null || host.kind !== 'real' || existsSync(host.resolve(`/proc/${pid}`));
}

function readUsers(host: Host, gaps: GapSink): readonly UserSession[] {
  let failure: unknown;
  const attempt = (read: (machine: Host) => UserSession[] | undefined): UserSession[] | undefined => {
    try {
      return read(host);
    } catch (error) {
      failure ??= error;
      return undefined;
    }
  };
  const logins = attempt(readUtmp)?.filter((session) => isLive(host, session));
  // Systems that gave utmp up have logind's sessions alone.
  const sessions = logins?.length ? undefined : attempt(readSessions);
  if (failure) gaps.addError('users', failure);
  else if (!logins && !sessions) gaps.add('users', 'absent', 'There is neither a utmp file nor systemd-logind here.');
  return sessions?.length ? sessions : (logins ?? []);
}

/** Who is logged in. */
export const users: Collector<'users', readonly UserSession[]> = {
  name: 'users',
  lane: 'slow',
  sources: [...UTMP, SESSIONS],
  remedy: 'Logins are recorded by login programs in /run/utmp, or by systemd-logind; in a container there are none of the machine.',
  groups: userGroups,
  open: (host) => ({ read: (gaps) => readUsers(host, gaps), close: () => {} }),
};
