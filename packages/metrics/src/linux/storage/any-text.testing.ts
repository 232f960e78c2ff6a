import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';

/** Text of any bytes, as a file may hold them. A string of any code points takes seconds to prepare; this does not. */
export const anyText: Arbitrary<string> = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
