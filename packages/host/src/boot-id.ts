import { LIBSYSTEM_PATH } from './apple-libraries.ts';
import { errnoOf, HecateError } from './error.ts';
import type { Host } from './host.ts';
import { librariesOf } from './libraries-of.ts';
import { nativeBuffer } from './native.ts';

/** A UUID as text, with its NUL. */
const ROOM = 64;

/** The id of the running boot; null where the system has none. */
export function bootId(host: Host): string | null {
  return host.platform === 'darwin' ? darwinBootId(host) : linuxBootId(host);
}

function linuxBootId(host: Host): string | null {
  try {
    return host.readText('/proc/sys/kernel/random/boot_id').trim();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** `kern.bootsessionuuid`, by sysctlbyname(3). */
function darwinBootId(host: Host): string | null {
  try {
    const call = librariesOf(host)
      .load(LIBSYSTEM_PATH)
      ?.function('sysctlbyname', { gives: 'i32', takes: ['text', 'memory', 'memory', 'pointer', 'u64'] });
    if (!call) return null;
    const text = nativeBuffer(ROOM);
    const length = nativeBuffer(8);
    length.writeBigUInt64LE(BigInt(ROOM));
    if (call('kern.bootsessionuuid', text, length, 0n, 0) !== 0) return null;
    return text.toString('latin1', 0, Math.max(0, text.indexOf(0))) || null;
  } catch (error) {
    // Without a way to call the system there is no id.
    if (!(error instanceof HecateError)) throw error;
    return null;
  }
}
