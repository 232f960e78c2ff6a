import { COLUMNS, createInk } from '@hecate/observe';
import { expect, test } from 'vitest';
import { columnLines } from './columns-panel.ts';

const ink = createInk({ colour: false, unicode: false });
const drawn = (values: Readonly<Record<string, number | null>>, width = 76): readonly string[] =>
  columnLines(new Map(Object.entries(values)), ink, width).map(({ text }) => text);

test('every column is told once and in words, and no line is wider than asked for', () => {
  const lines = drawn(Object.fromEntries(COLUMNS.map(({ name }, index) => [name, index + 1])));
  const text = lines.join('\n');
  expect(text).not.toContain('_');
  expect(text.match(/pressure|Pressure/g)).toHaveLength(1);
  expect(text).toMatch(/^cpu power +\d/m);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(76);
});

test('a row of another machine has other columns: what is not there is not told', () => {
  const lines = drawn({ cpu_usage_percent: 50, gpu_temperature_celsius: 51, memory_available: 1024, cpu_user_percent: null });
  expect(lines).toHaveLength(3);
  expect(lines[0]?.trimEnd()).toMatch(/^CPU .*50 %$/);
  expect(lines.slice(1)).toEqual(['gpu temperature   51 °C', 'memory available  1 KiB']);
  expect(drawn({})).toEqual([]);
});

test('what waited is told with what waited wholly; steal only where there is some', () => {
  const text = drawn({
    cpu_usage_percent: 10,
    cpu_user_percent: 10,
    cpu_steal_percent: 0,
    pressure_io_some_percent: 4,
    pressure_io_full_percent: 2,
  });
  expect(text[0]).not.toContain('steal');
  expect(text[1]).toBe('Pressure  io 4 % (full 2 %)');
});
