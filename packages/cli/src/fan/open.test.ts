import { expect, test } from 'vitest';
import { openRootedHost } from '@hecate/host';
import { openHandlers } from '@hecate/change';
import type { FanReading } from '@hecate/tune';
import { readFans } from './open.ts';
import type { Fans } from './open.ts';

const NONE = 'This Mac has no fans.';

/** Fans of a machine that has none. */
function fansOf(platform: NodeJS.Platform): Fans {
  const reading: FanReading = { fans: [], temperatures: [], none: NONE };
  return { host: { ...openRootedHost('/'), platform }, handlers: openHandlers(), driver: { read: () => Promise.resolve(reading) } } as Fans;
}

test('a machine without fans says why; where they may only be hidden, what shows them', async () => {
  await expect(readFans(fansOf('linux'))).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    hint: expect.stringContaining('driver of their chip'),
  });
  const refusal: unknown = await readFans(fansOf('darwin')).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'UNSUPPORTED', message: NONE });
  expect(refusal).not.toHaveProperty('hint', expect.anything());
});
