import { seriesMeta } from '@hecate/observe';
import { expect, test } from 'vitest';
import { textOf } from '../../screen/plain-text.ts';
import { MACHINE_BOXES } from './boxes.ts';
import { paperOf, pictureOf } from './picture.testing.ts';

/** A box of a machine whose daemon names its series so; none are named otherwise. */
function drawn(box: 'sensor' | 'gpu', width: number, height: number, labels: Readonly<Record<string, string>>): string[] {
  const { paper, grid } = paperOf(width, height);
  const values = Object.fromEntries(Object.keys(labels).map((id) => [id, 50]));
  const picture = pictureOf({ values });
  const meta = (id: string) => {
    const own = seriesMeta(id);
    return own && { ...own, label: labels[id] ?? own.label };
  };
  MACHINE_BOXES[box].draw(paper, { ...picture, source: { ...picture.source, meta } });
  return textOf(grid);
}

test('sensor: names that differ in their end only are told apart in a narrow column, beside a graph', () => {
  const rows = drawn('sensor', 36, 5, {
    'temperature.platform_coretemp_0_temp2.celsius': 'coretemp.0 Core 0',
    'temperature.platform_coretemp_0_temp3.celsius': 'coretemp.0 Core 1',
    'temperature.gone.celsius': '',
  });
  expect(rows[1]).toMatch(/coretemp\.0 Core 0 +[\u2801-\u28ff]{5,} +50°C/);
  expect(rows[2]).toMatch(/coretemp\.0 Core 1 +[\u2801-\u28ff]{5,} +50°C/);
  // One that nobody names has its id.
  expect(rows[3]).toMatch(/gone +[\u2801-\u28ff]{5,} +50°C/);
});

test('sensor: a name without end leaves room for the graph and the value', () => {
  const [, row] = drawn('sensor', 36, 3, { 'temperature.a.celsius': 'x'.repeat(80) });
  expect(row).toMatch(/x{10,}\S* +[\u2801-\u28ff]{5} +50°C/);
});

test('gpu: a card has the name of its model, whatever it tells of itself', () => {
  const title = (id: string, label: string): string => drawn('gpu', 60, 8, { [id]: label })[1]!;
  expect(title('gpu.0000:03:00.0.usage_percent', 'Radeon RX 6800 usage')).toMatch(/Radeon RX 6800 +50%/);
  expect(title('gpu.0000:03:00.0.memory_total', 'Radeon RX 6800 memory')).toMatch(/Radeon RX 6800 +-/);
  expect(title('gpu.0000:03:00.0.celsius', 'Radeon usage')).toMatch(/Radeon usage +-/);
  expect(title('gpu.0000:03:00.0.power_watts', '')).toMatch(/0000:03:00\.0 +-/);
});
