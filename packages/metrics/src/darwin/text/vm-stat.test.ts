import { expect, test } from 'vitest';
import { fixture, refusalOf } from './fixture.testing.ts';
import { memoryFromVmStat } from './readings/memory.ts';
import { parseSysctl, pressureOf, swapOf } from './sysctl.ts';
import { parseVmStat } from './vm-stat.ts';

const TEXT = fixture('vm_stat.txt');
const PAGE = 16_384;
const NO_FACTS = { total: null, swap: null, pressure: null };

test.each(['', 'vm_stat: no\n', 'Mach Virtual Memory Statistics: (page size of 16384 bytes)\n', TEXT.split('\n').slice(1).join('\n')])(
  'an answer without a page size or lines is refused (%#)',
  async (text) => {
    expect((await refusalOf(() => parseVmStat(text))).code).toBe('FAILED');
  },
);

test('a line that was cut off is null, never a smaller number', () => {
  const cut = TEXT.slice(0, TEXT.indexOf('121544.') + 4);
  expect(parseVmStat(cut)).toMatchObject({ speculative: 3390, wired: null, purgeable: null });
});

test('an old or a new macOS with other lines', () => {
  const old = TEXT.replace(/^File-backed.*\n/m, '').replace('Pages throttled', 'Pages unheard of');
  expect(parseVmStat(old)).toMatchObject({ fileBacked: null, throttled: null, anonymous: 544_319, pageSize: PAGE });
});

test('memory as Activity Monitor shows it', () => {
  const values = parseSysctl(fixture('sysctl.txt'));
  const memory = memoryFromVmStat(parseVmStat(TEXT), { total: 2 ** 34, swap: swapOf(values), pressure: pressureOf(values) });
  const used = (402_817 + 398_226 + 3390 + 121_544 + 88_017 - 9120 - 260_114) * PAGE;
  expect(memory).toMatchObject({
    total: 2 ** 34,
    free: 24_011 * PAGE,
    used,
    available: 2 ** 34 - used,
    cached: (9120 + 260_114) * PAGE,
    anonymous: 544_319 * PAGE,
    swapUsed: 512.5 * 2 ** 20,
    buffers: null,
    apple: { wired: 121_544 * PAGE, compressor: 88_017 * PAGE, compressed: 310_442 * PAGE, swapOuts: 519_880, pressure: 'warning' },
  });
  expect(memory.lines).toContainEqual({ name: 'wired', value: 121_544 * PAGE, bytes: true });
});

test('what rests on a missing line is null', () => {
  const partial = memoryFromVmStat(parseVmStat(TEXT.replace(/^Pages wired.*\n/m, '')), { ...NO_FACTS, total: 2 ** 34 });
  expect(partial).toMatchObject({ used: null, available: null, cached: null, active: 402_817 * PAGE, swapTotal: null });
  expect(partial).not.toHaveProperty('apple');
  expect(memoryFromVmStat(parseVmStat(TEXT), NO_FACTS)).toMatchObject({
    total: null,
    used: null,
    available: null,
    apple: { pressure: null },
  });
});
