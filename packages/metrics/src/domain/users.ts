import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** One login. */
export interface UserSession {
  readonly user: string;
  /** `pts/0`, `tty1`; null where it has no terminal. */
  readonly tty: string | null;
  /** Where the user came from, as a name or an address; null for a local login. */
  readonly host: string | null;
  /** Seconds since the epoch. */
  readonly loginTime: number | null;
  /** The process that leads the session. */
  readonly pid: number | null;
  /** The session's number at systemd-logind; null where the login is only in utmp. */
  readonly session: string | null;
}

/** The logins of one user. */
export interface UserLogins {
  readonly user: string;
  readonly sessions: number;
}

/** How often each user is logged in, by name. */
export function countLogins(sessions: readonly UserSession[]): UserLogins[] {
  const counts = new Map<string, number>();
  for (const { user } of sessions) counts.set(user, (counts.get(user) ?? 0) + 1);
  return [...counts].map(([user, count]) => ({ user, sessions: count })).sort((a, b) => (a.user < b.user ? -1 : 1));
}

/** Fields of the `users` collector. */
export const userGroups = (): readonly Group<readonly UserSession[]>[] => [
  group<readonly UserSession[], UserSession>({
    name: 'users',
    source: '/run/utmp, /run/systemd/sessions',
    rows: (reading) => reading,
    fields: [
      { key: 'user', kind: 'info', unit: 'none', help: 'Name of the user.' },
      { key: 'tty', kind: 'info', unit: 'none', help: 'Terminal of the login.', nullWhen: 'it has none' },
      { key: 'host', kind: 'info', unit: 'none', help: 'Where the user came from.', nullWhen: 'the login is local' },
      {
        key: 'loginTime',
        kind: 'gauge',
        unit: 'seconds',
        help: 'When the user logged in, since the epoch.',
        nullWhen: 'it is not recorded',
      },
      { key: 'pid', kind: 'info', unit: 'none', help: 'Process that leads the session.', nullWhen: 'it is not recorded' },
      { key: 'session', kind: 'info', unit: 'none', help: 'Number of the session at systemd-logind.', nullWhen: 'only utmp has the login' },
    ],
  }),
  group<readonly UserSession[], UserLogins>({
    name: 'users.logins',
    json: null,
    source: '/run/utmp, /run/systemd/sessions',
    rows: countLogins,
    labels: { user: 'user' },
    fields: [
      {
        key: 'sessions',
        kind: 'gauge',
        unit: 'count',
        help: 'Logins of the user at this moment.',
        prometheus: { name: 'hecate_user_sessions' },
      },
    ],
  }),
];
