import type { Darwin } from './binding/darwin.ts';
import { sysctlInteger, sysctlText } from './libsystem/sysctl.ts';
import { isRefusal } from '../model/gap.ts';

/**
 * Whether the processor is one of Apple's. A program of Intel's that is translated sees Intel in `hw.machine`, and the truth in
 * `hw.optional.arm64`, which an Intel Mac does not have.
 */
export function isAppleSilicon(darwin: Darwin): boolean {
  try {
    return sysctlInteger(darwin, 'hw.optional.arm64') === 1;
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  try {
    return sysctlText(darwin, 'hw.machine') === 'arm64';
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  }
}
