import { HecateError } from '@hecate/host';

/** Results of Mach that are told apart (mach/kern_return.h). */
const NAMES: Readonly<Record<number, string>> = {
  4: 'KERN_INVALID_ARGUMENT',
  5: 'KERN_FAILURE',
  8: 'KERN_NO_ACCESS',
  46: 'KERN_NOT_SUPPORTED',
  53: 'KERN_DENIED',
};

/** Throws what a result of Mach says: DENIED, UNSUPPORTED or FAILED. 0 is success. */
export function requireSuccess(result: number, call: string): void {
  if (result === 0) return;
  const name = NAMES[result];
  const code = result === 8 || result === 53 ? 'DENIED' : result === 46 ? 'UNSUPPORTED' : 'FAILED';
  throw new HecateError(code, `${call} answered ${result}${name === undefined ? '' : ` (${name})`}.`);
}
