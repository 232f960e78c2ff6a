import { expect, test } from 'vitest';
import { pressureRates } from '../domain/pressure.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { ByteCursor } from '../model/cursor.ts';
import { parsePressure, pressure } from './pressure.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';

const parse = (text: string): ReturnType<typeof parsePressure> => parsePressure(new ByteCursor().reset(bytesOf(text)));

test('percent become shares, microseconds become seconds', () => {
  expect(parse('some avg10=0.50 avg60=12.25 avg300=100.00 total=2500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n')).toEqual({
    some: { avg10: 0.005, avg60: 0.1225, avg300: 1, total: 2.5 },
    full: { avg10: 0, avg60: 0, avg300: 0, total: 0.000_007 },
  });
});

test('a missing line is null; neither line is an error', () => {
  expect(parse('full avg10=0.00 avg60=0.00 avg300=0.00 total=1\n').some).toBeNull();
  expect(() => parse('\n')).toThrow('neither');
});

test('a kernel without the irq file has a gap there and the rest', () => {
  const line = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n';
  const tree = createTree({ 'proc/pressure/cpu': line, 'proc/pressure/io': line, 'proc/pressure/memory': 'garbage' });
  try {
    const gaps: Gap[] = [];
    const reader = pressure.open(tree.host);
    const reading = reader.read(collectGaps(gaps));
    reader.close();
    expect(reading).toMatchObject({ irq: null, memory: null, cpu: { full: null } });
    expect(gaps.map(({ field, reason }) => [field, reason])).toEqual([
      ['pressure.memory', 'error'],
      ['pressure.irq', 'absent'],
    ]);
  } finally {
    tree.remove();
  }
});

test('the share is the growth over the elapsed time', () => {
  const stall = (total: number) => ({ some: { total, avg10: 0, avg60: 0, avg300: 0 }, full: null });
  const reading = (total: number) => ({ cpu: stall(total), io: null, memory: stall(5), irq: null });
  expect(pressureRates(reading(1), reading(1.5), 2)).toMatchObject({
    cpu: { some: 0.25, full: null },
    io: { some: null },
    memory: { some: 0 },
  });
});
