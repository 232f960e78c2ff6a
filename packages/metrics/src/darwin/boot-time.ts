import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from './binding/darwin.ts';
import { readField } from './layout/layout.ts';
import { TIMEVAL } from './layout/processor.ts';
import { sysctlInto } from './libsystem/sysctl.ts';

const MICRO = 1e6;

/** When the machine booted, seconds since the epoch; it moves when the clock is set. Throws the system's error. */
export function readBootTime(darwin: Darwin): number {
  const bytes = nativeBuffer(TIMEVAL.size);
  const written = sysctlInto(darwin, 'kern.boottime', bytes);
  if (written < TIMEVAL.size) throw new HecateError('FAILED', `sysctl kern.boottime answered ${written} bytes only.`);
  return readField(bytes, TIMEVAL.fields.seconds) + readField(bytes, TIMEVAL.fields.microseconds) / MICRO;
}
