// Day files as the recorder writes them, from seeded random walks: the same bytes at every run.
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { COLUMNS } from '../dist/record/columns.js';

/** A generator of numbers from 0 to 1 (mulberry32). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const SPAN = {
  percent: [0, 100],
  bytes: [0, 16 * 2 ** 30],
  'bytes/second': [0, 5e8],
  count: [50, 800],
  'count/second': [0, 20_000],
  seconds: [0, 0.02],
  watts: [1, 60],
  celsius: [30, 95],
  hertz: [3e8, 1.6e9],
  load: [0, 8],
};
const CONSTANT = new Set(['memory_total', 'memory_swap_total']);

/** Writes one day file of `rows` rows, one a second, and returns its bytes. */
export function writeSyntheticDay(directory, day, rows = 86_400) {
  const random = seeded([...day].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7));
  const walks = COLUMNS.map(({ name, unit, decimals }) => {
    const [low, high] = SPAN[unit];
    return {
      low,
      high,
      decimals,
      value: CONSTANT.has(name) ? high : low + (high - low) * 0.3,
      step: CONSTANT.has(name) ? 0 : (high - low) / 200,
    };
  });
  const start = Date.parse(`${day}T00:00:00Z`);
  const file = openSync(path.join(directory, `${day}.csv`), 'w');
  let size = writeSync(file, `timestamp,${COLUMNS.map(({ name }) => name).join(',')}\n`);
  let lines = '';
  for (let row = 0; row < rows; row += 1) {
    const hour = row / 3600;
    const pull = 0.25 + 0.35 * Math.max(0, Math.sin(((hour - 6) / 24) * 2 * Math.PI));
    let line = `${new Date(start + row * 1000 + (row % 3)).toISOString().slice(0, 23)}+00:00`;
    for (const walk of walks) {
      if (walk.step > 0) {
        const middle = walk.low + (walk.high - walk.low) * pull;
        walk.value += (random() - 0.5) * 2 * walk.step + (middle - walk.value) * 0.002;
        if (walk.value < walk.low) walk.value = walk.low;
        if (walk.value > walk.high) walk.value = walk.high;
      }
      line += `,${walk.value.toFixed(walk.decimals)}`;
    }
    lines += `${line}\n`;
    if (row % 1000 === 999 || row === rows - 1) {
      size += writeSync(file, lines);
      lines = '';
    }
  }
  closeSync(file);
  return size;
}
