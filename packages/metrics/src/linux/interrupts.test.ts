import { messageOf, openHost } from '@hecate/host';
import type { Bytes, Host } from '@hecate/host';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { growthOf } from '../domain/cpu-table.ts';
import { interruptsGroups, interruptsRates } from '../domain/interrupts.ts';
import type { InterruptLine, InterruptsReading } from '../domain/interrupts.ts';
import { softirqsRates } from '../domain/softirqs.ts';
import type { SoftirqsReading } from '../domain/softirqs.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { createTableParser } from './interrupt/cpu-table.ts';
import type { TableParser } from './interrupt/cpu-table.ts';
import { describeInterrupt, interrupts } from './interrupts.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { softirqs } from './softirqs.ts';
import { tree as files } from './trees/interrupts.testing.ts';

const tree = createTree(files);
afterAll(() => tree.remove());

const opened = (host: Host): (() => InterruptsReading) => {
  const reader = interrupts.open(host);
  return () => finish(reader.read(collectGaps([])) as Sliced<InterruptsReading>);
};
const soft = (host: Host): SoftirqsReading => {
  const reader = softirqs.open(host);
  const reading = finish(reader.read(collectGaps([])) as Sliced<SoftirqsReading>);
  reader.close();
  return reading;
};
const rowsOf = (reading: InterruptsReading): unknown => (JSON.parse(JSON.stringify(reading)) as { lines: unknown }).lines;

test('columns are the CPUs of the header, lines of one number are no interrupts', () => {
  const reading = opened(tree.host)();
  expect(reading).toMatchObject({ cpus: [0, 2], errors: 3, missed: 4 });
  expect(rowsOf(reading)).toEqual([
    { type: '8', info: 'IR-IO-APIC', devices: '8-edge rtc0', counts: [1, 0] },
    { type: '130', info: 'IR-PCI-MSIX-0000:01:00.0', devices: '1-edge nvme0q1, nvme0q2', counts: [123_456, 654_321] },
    { type: 'LOC', info: 'Local timer interrupts', devices: '', counts: [99_999_999, 88_888_888] },
    { type: 'PIN', info: 'Posted-interrupt notification event', devices: '', counts: [5, 6] },
  ]);
  expect([...interruptsGroups()[0]!.rows(reading)]).toContainEqual({
    type: '8',
    info: 'IR-IO-APIC',
    devices: '8-edge rtc0',
    cpu: 2,
    count: 0,
  });
});

test('the layout of arm64, with counts that touch their name', () => {
  const arm = createTree({
    'proc/interrupts':
      '           CPU0       CPU1\n' +
      ' 10:3287008667 3310445093     GICv3  27 Level     arch_timer\n' +
      ' 17:          0          0     GICv3  48 Edge      ACPI:Ged\n' +
      ' 40:          7          0  ITS-PCI-MSIX-0000:00:01.0   0 Edge      virtio0-config\n' +
      'IPI0:  53451367      19823       Rescheduling interrupts\n' +
      'Err:          9\n',
  });
  const reading = opened(arm.host)();
  expect(reading).toMatchObject({ errors: 9, missed: null });
  expect(rowsOf(reading)).toEqual([
    { type: '10', info: 'GICv3', devices: '27 Level arch_timer', counts: [3_287_008_667, 3_310_445_093] },
    { type: '17', info: 'GICv3', devices: '48 Edge ACPI:Ged', counts: [0, 0] },
    { type: '40', info: 'ITS-PCI-MSIX-0000:00:01.0', devices: '0 Edge virtio0-config', counts: [7, 0] },
    { type: 'IPI0', info: 'Rescheduling interrupts', devices: '', counts: [53_451_367, 19_823] },
  ]);
  arm.remove();
});

test('what did not change is the same object at the next reading; what came, went or moved is right', () => {
  const line = (type: string, a: number, b: number, tail: string): string => `${type.padStart(4)}: ${a} ${b}  ${tail}\n`;
  const moving = createTree({});
  const header = '           CPU0       CPU1\n';
  const show = (...lines: string[]): void => moving.write('proc/interrupts', header + lines.join(''));
  const read = opened(moving.host);
  const [rtc, disk, late] = ['IO-APIC 8-edge rtc0', 'PCI-MSI 1-edge disk', 'PCI-MSI 2-edge late'];
  show(line('8', 1, 2, rtc), line('9', 3, 4, disk), 'ERR: 0\n', line('LOC', 5, 6, 'Timer'));
  const first = read();
  show(line('8', 1, 2, rtc), line('9', 33, 4, disk), 'ERR: 1\n', line('LOC', 5, 6, 'Timer'));
  const second = read();
  expect(second.lines.map((item, index) => item === first.lines[index])).toEqual([true, true, true]);
  expect([...second.counts]).toEqual([1, 2, 33, 4, 5, 6]);
  expect([...first.counts]).toEqual([1, 2, 3, 4, 5, 6]);
  expect(second.errors).toBe(1);
  show(line('8', 1, 2, rtc), line('7', 70, 71, late), line('9', 33, 5, disk), line('LOC', 5, 6, 'Timer'));
  const third = read();
  expect([...third.counts]).toEqual([1, 2, 70, 71, 33, 5, 5, 6]);
  expect(third.lines.map(({ type }) => type)).toEqual(['8', '7', '9', 'LOC']);
  expect(interruptsRates(second, third, 2)).toEqual({
    lines: [{ type: '9', info: 'PCI-MSI', devices: '1-edge disk', perSecond: 0.5 }],
    cpus: [
      { cpu: 0, perSecond: 0 },
      { cpu: 1, perSecond: 0.5 },
    ],
  });
  moving.write('proc/interrupts', '           CPU1\n   8: 9  IO-APIC 8-edge rtc0\n');
  const fourth = read();
  expect(fourth).toMatchObject({ cpus: [1] });
  expect([...fourth.counts]).toEqual([9]);
  expect(interruptsRates(third, fourth, 1)).toMatchObject({ cpus: [{ cpu: 1, perSecond: 7 }] });
  expect(interruptsRates(third, fourth, 0)).toBeNull();
  moving.remove();
});

/** A line as kernels pad it, or as none does. */
const cell = fc.oneof(
  fc.nat(12).map(String),
  fc.nat(2 ** 32 - 1).map(String),
  fc.nat(99).map((number) => `${number}99999999999`),
);
const line = (width: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom('   0', '  17', ' LOC', 'ERR', 'IPI0', ''),
      fc.array(cell, { minLength: Math.max(0, width - 1), maxLength: width + 1 }),
      fc.constantFrom(10, 10, 10, 4),
      fc.constantFrom('  IO-APIC 8-edge rtc0', '  chip', '', ' :', '   Local timer interrupts'),
    )
    .map(([name, cells, padding, tail]) => `${name}:${cells.map((text) => ` ${text.padStart(padding)}`).join('')}${tail}`);
const edits = fc.array(fc.tuple(fc.nat(200), fc.nat(60), cell), { maxLength: 6 });

/** What comes of it: a table, or why there is none (numbers that run into each other). */
function outcome(parser: TableParser<InterruptLine>, bytes: Bytes): unknown {
  try {
    return finish(parser.parse(bytes));
  } catch (error) {
    return messageOf(error);
  }
}

test('whatever a table was before, it is read as if it were the first', () => {
  const table = fc
    .integer({ min: 1, max: 40 })
    .chain((width) => fc.tuple(fc.constant(width), fc.array(line(width), { maxLength: 8 }), fc.array(edits, { maxLength: 4 })));
  fc.assert(
    fc.property(table, ([width, first, rounds]) => {
      const header = `     ${Array.from({ length: width }, (_, cpu) => `CPU${cpu}`.padStart(11)).join('')}\n`;
      const parser = createTableParser(describeInterrupt);
      const lines = [...first];
      for (const round of [[], ...rounds]) {
        // A number at some place of some line becomes another of the same length, or the line grows or goes.
        for (const [at, which, number] of round) {
          const index = which % (lines.length + 1);
          const old = lines[index];
          if (old === undefined) lines.push(`  99: ${number}`);
          else if (at > 150) lines.splice(index, 1);
          else lines[index] = old.slice(0, at) + number + old.slice(at + number.length);
        }
        const bytes = bytesOf(header + lines.join('\n'));
        expect(outcome(parser, bytes)).toEqual(outcome(createTableParser(describeInterrupt), bytes));
      }
    }),
    { numRuns: 400 },
  );
});

test('a counter of 32 bits that went around grew; one that fell otherwise started over', () => {
  expect(growthOf(2 ** 32 - 10, 5)).toBe(15);
  expect(growthOf(1000, 5)).toBeNull();
  expect(growthOf(2 ** 40, 5)).toBeNull();
});

test('a file that is hidden by an empty one is absent, not damaged', () => {
  const hidden = createTree({ 'proc/interrupts': '' });
  try {
    const gaps: Gap[] = [];
    const sink = collectGaps(gaps);
    try {
      finish(interrupts.open(hidden.host).read(sink) as Sliced<InterruptsReading>);
    } catch (error) {
      sink.addError('interrupts', error);
    }
    expect(gaps).toMatchObject([{ field: 'interrupts', reason: 'absent' }]);
  } finally {
    hidden.remove();
  }
});

test('soft interrupts by CPU, and their sums under the names of /proc/stat', () => {
  const reading = soft(tree.host);
  expect(JSON.parse(JSON.stringify(reading))).toMatchObject({
    cpus: [0, 2],
    lines: [
      { type: 'HI', counts: [7, 1] },
      { type: 'NET_RX', counts: [43_066, 104_508] },
    ],
  });
  expect(reading.vectors.find(({ vector }) => vector === 'net_rx')).toEqual({ vector: 'net_rx', count: 147_574 });
  expect(reading.vectors).toHaveLength(10);
});

test.runIf(process.platform === 'linux')('this machine: counters only grow, sums agree with /proc/stat, and no CPU is missing', () => {
  const host = openHost();
  const read = opened(host);
  const before = read();
  const softBefore = soft(host);
  const softAfter = soft(host);
  const after = read();
  expect(before.cpus.length).toBeGreaterThan(0);
  for (const [index, count] of before.counts.entries()) expect(after.counts[index]).toBeGreaterThanOrEqual(count);
  const { lines, cpus } = interruptsRates(before, after, 1)!;
  expect(cpus.map(({ cpu }) => cpu)).toEqual(before.cpus);
  expect(lines.reduce((sum, { perSecond }) => sum + perSecond, 0)).toBe(cpus.reduce((sum, { perSecond }) => sum + perSecond, 0));
  // Both files show the same counters; between two readings they grow on.
  for (const { vector, count } of softAfter.vectors) {
    const name = vector === 'block_iopoll' ? 'IRQ_POLL' : vector.toUpperCase();
    const at = (reading: SoftirqsReading): number => reading.lines.findIndex(({ type }) => type === name) * reading.cpus.length;
    const sum = (reading: SoftirqsReading): number =>
      reading.counts.subarray(at(reading), at(reading) + reading.cpus.length).reduce((total, part) => total + part, 0);
    expect(count).toBeGreaterThanOrEqual(sum(softBefore));
    expect(count).toBeLessThanOrEqual(sum(softAfter));
  }
  expect(softirqsRates(softBefore, softAfter, 1)!.lines.map(({ type }) => type)).toContain('TIMER');
});
