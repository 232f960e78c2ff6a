import { describe, expect, test } from 'vitest';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import type { ProcessorReading } from '../domain/processor.ts';
import { noFakeDarwin, openFakeDarwin } from './fake/fake-darwin.testing.ts';
import { int, text } from './fake/machine.testing.ts';
import type { FakeMachine } from './fake/machine.testing.ts';
import { m1Laptop } from './machines/m1-laptop.testing.ts';
import { m5Max } from './machines/m5-max.testing.ts';
import { processor } from './processor.ts';

function readLevels(levels: readonly (readonly [name: string | null, cores: number])[]): { reading: ProcessorReading; gaps: Gap[] } {
  const fake = openFakeDarwin({ ...m1Laptop, answers: { ...m1Laptop.answers } });
  fake.change({ answers: { 'sysctl:hw.nperflevels': int(levels.length) } });
  for (const [index, [name, cores]] of levels.entries())
    fake.change({
      answers: {
        [`sysctl:hw.perflevel${index}.name`]: name === null ? { result: -1, error: 2 } : text(name),
        [`sysctl:hw.perflevel${index}.physicalcpu`]: int(cores),
      },
    });
  const gaps: Gap[] = [];
  const reading = processor.open(fake.host).read(collectGaps(gaps)) as ProcessorReading;
  fake.expectClean();
  return { reading, gaps };
}

describe.skipIf(noFakeDarwin !== null)('kinds of cores', () => {
  test.each([
    [
      'M1 Pro',
      [
        ['Performance', 8],
        ['Efficiency', 2],
      ],
      8,
      2,
    ],
    [
      'M5',
      [
        ['Super', 4],
        ['Efficiency', 6],
      ],
      4,
      6,
    ],
    [
      'M5 Max',
      [
        ['Super', 6],
        ['Performance', 12],
      ],
      18,
      0,
    ],
    ['all alike', [['Standard', 3]], null, null],
  ] as const)('%s', (_name, levels, performanceCores, efficiencyCores) => {
    expect(readLevels(levels).reading).toMatchObject({ performanceCores, efficiencyCores });
  });

  test.each([-1, 0, 2_147_483_647])('%s CPUs are nonsense', (count) => {
    const fake = openFakeDarwin(m1Laptop);
    fake.change({ answers: { 'sysctl:hw.logicalcpu': int(count) } });
    const gaps: Gap[] = [];
    expect(processor.open(fake.host).read(collectGaps(gaps))).toMatchObject({ threads: null, cpus: [], smtActive: null });
    expect(gaps).toContainEqual(expect.objectContaining({ field: 'processor.threads', reason: 'error' }));
  });

  test('each CPU is of a kind and of a cluster; a device tree that says otherwise is not believed', () => {
    const read = (machine: FakeMachine): { reading: ProcessorReading; gaps: Gap[] } => {
      const fake = openFakeDarwin(machine);
      const gaps: Gap[] = [];
      const reading = processor.open(fake.host).read(collectGaps(gaps)) as ProcessorReading;
      fake.expectClean();
      return { reading, gaps };
    };
    const kinds = ({ cpus }: ProcessorReading): unknown[] => cpus.map(({ type, cluster }) => [type, cluster]);
    expect(kinds(read(m1Laptop).reading)).toEqual([
      ...Array.from({ length: 4 }, () => ['efficiency', 0]),
      ...Array.from({ length: 4 }, () => ['performance', 1]),
    ]);
    expect(kinds(read(m5Max).reading)).toEqual([
      ...Array.from({ length: 12 }, (_, cpu) => ['performance', cpu < 6 ? 0 : 1]),
      ...Array.from({ length: 6 }, () => ['super', 2]),
    ]);
    const fewer = read({ ...m1Laptop, registry: m1Laptop.registry!.filter(({ name }) => name !== 'cpu7') });
    expect(fewer.reading.cpus.every(({ type }) => type === null)).toBe(true);
    expect(fewer.gaps).toContainEqual(expect.objectContaining({ field: 'processor.cpus.type', reason: 'error' }));
    const none = read({ ...m1Laptop, registry: m1Laptop.registry!.filter(({ name }) => !name.startsWith('cpu')) });
    expect(none.gaps).toContainEqual(expect.objectContaining({ field: 'processor.cpus.type', reason: 'absent' }));
  });

  test('a level without a name is not guessed', () => {
    const { reading, gaps } = readLevels([
      ['Performance', 4],
      [null, 4],
    ]);
    expect(reading).toMatchObject({ performanceCores: null, efficiencyCores: null, levels: [{ cores: 4 }, { name: null, cores: 4 }] });
    expect(gaps).toContainEqual(expect.objectContaining({ field: 'processor.levels.1.name', reason: 'absent' }));
  });
});
