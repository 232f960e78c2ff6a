import type { PushFormat } from './format.ts';

/** What a format of text lines is, beside its `encode`: chunks are joined by putting one after another. */
export const TEXT_LINES: Pick<PushFormat, 'join' | 'lines'> = { join: (chunks) => Buffer.concat(chunks), lines: true };
