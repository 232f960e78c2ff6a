import { HecateError } from '@hecate/host';
import type { Darwin } from './binding/darwin.ts';
import { sysctlText } from './libsystem/sysctl.ts';

/** The oldest kernel whose interfaces we know: that of macOS 12. */
export const OLDEST_DARWIN = 21;

const checked = new WeakSet<Darwin>();

/** The first number of `kern.osrelease`; null when there is none. */
export function darwinVersion(release: string): number | null {
  const version = /^\d+/.exec(release)?.[0];
  return version === undefined ? null : Number(version);
}

const tooOld = new WeakSet<object>();

/** Whether an error says that this macOS is too old, by any way of asking. */
export const isTooOld = (error: unknown): boolean => typeof error === 'object' && error !== null && tooOld.has(error);

/** Throws UNSUPPORTED for a `kern.osrelease` older than that of macOS 12. */
export function requireKnownRelease(release: string): void {
  const version = darwinVersion(release);
  if (version !== null && version >= OLDEST_DARWIN) return;
  const error = new HecateError(
    'UNSUPPORTED',
    `This system is Darwin ${release}; macOS 12 (Darwin ${OLDEST_DARWIN}) is the oldest that is known.`,
    { hint: 'Update macOS, or record the machine with another program.' },
  );
  tooOld.add(error);
  throw error;
}

/** Throws UNSUPPORTED on a macOS older than 12, once a machine: its structures and functions may be other ones than we know. */
export function requireKnownVersion(darwin: Darwin): void {
  if (checked.has(darwin)) return;
  requireKnownRelease(sysctlText(darwin, 'kern.osrelease'));
  checked.add(darwin);
}
