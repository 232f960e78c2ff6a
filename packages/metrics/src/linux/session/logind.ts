import type { UserSession } from '../../domain/users.ts';

/**
 * A file of /run/systemd/sessions: `KEY=value` lines (sd-login(3) reads the same). Null for what is no login of a person
 * (a greeter, a service manager, a background job) or is about to end.
 */
export function parseSession(content: string, id: string): UserSession | null {
  const values = new Map<string, string>();
  for (const line of content.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const user = values.get('USER');
  const kind = values.get('CLASS') ?? 'user';
  if (!user || !(kind === 'user' || kind.startsWith('user-')) || values.get('STATE') === 'closing') return null;
  const number = (key: string, largest: number): number | null => {
    const value = values.get(key);
    return value !== undefined && /^\d{1,19}$/.test(value) && Number(value) <= largest && Number(value) > 0 ? Number(value) : null;
  };
  const microseconds = number('REALTIME', Infinity);
  return {
    user,
    tty: values.get('TTY') || null,
    host: values.get('REMOTE_HOST') || null,
    loginTime: microseconds === null ? null : microseconds / 1e6,
    pid: number('LEADER', 2 ** 31),
    session: id,
  };
}
