import { expect, test } from 'vitest';
import { createRowsMaker } from '../process/process-rows.ts';
import { pictureOf } from '../view/picture.testing.ts';
import { printScene } from './printed-scene.ts';

/** What is printed of some processes on a terminal of a width. */
function printed(width: number, limit?: number): string[] {
  const { scene, state } = pictureOf({ processes: 30 });
  const rows = createRowsMaker()(scene.processes, state, true);
  return printScene(scene, rows, { width, colour: false, unicode: true }, limit).split('\n');
}

test('figures leave before the command does', () => {
  for (const width of [80, 100, 200]) {
    const line = printed(width).find((one) => one.includes('/usr/bin/worker'));
    expect(line, `${width} columns`).toMatch(/\/usr\/bin\/worker --number/);
  }
  expect(printed(80).join('\n')).not.toMatch(/\bread +write\b/);
  expect(printed(200).join('\n')).toMatch(/threads +read +write +command/);
});

test('no line is wider than the terminal, and no more processes than asked for', () => {
  for (const width of [40, 60, 80, 133]) for (const line of printed(width)) expect([...line].length).toBeLessThanOrEqual(width);
  expect(printed(120, 3).filter((line) => line.includes('worker'))).toHaveLength(3);
});
