import type { Clock } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { readField } from '../layout/layout.ts';
import { ACCOUNT } from '../layout/process.ts';
import { readCString } from './c-string.ts';

/** Accounts are asked for again after so many seconds: they come and go, and asking may take a message to another process. */
const LIFETIME = 600;

/** The name of an account; null when there is none. /etc/passwd of macOS knows the system's own alone. */
function nameOf({ libsystem, libraries }: Darwin, uid: number): string | null {
  const account = libsystem.getpwuid(uid);
  if (account === 0n) return null;
  return readCString(libraries, BigInt(readField(libraries.copy(account, ACCOUNT.size), ACCOUNT.fields.name)));
}

/** Looks users up: their names, or their numbers as text where they have none. */
export function openUserNames(darwin: Darwin, clock: Clock): (uid: number) => string {
  const names = new Map<number, { readonly name: string; readonly asked: number }>();
  return (uid) => {
    const now = clock.monotonic();
    const known = names.get(uid);
    if (known && now - known.asked < LIFETIME) return known.name;
    const name = nameOf(darwin, uid) ?? String(uid);
    names.set(uid, { name, asked: now });
    return name;
  };
}
