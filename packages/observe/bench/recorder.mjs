// CPU of the recorder per row, against the floor: writing the very same bytes in the same portions with writeSync.
// Run `npm run build` first; then `node packages/observe/bench/recorder.mjs [rows]`.
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { COLUMNS } from '../dist/record/columns.js';
import { openRecorder } from '../dist/record/recorder.js';

const rows = Number(process.argv[2] ?? 100_000);
const rounds = 5;
const START = new Date(2026, 10, 21).getTime() / 1000;
const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-recorder-'));

/** Rows as a Linux machine has them: the last columns (power, temperature, GPU) are empty. */
const samples = Array.from({ length: 997 }, (_, i) =>
  COLUMNS.map(({ unit, decimals, name }) => {
    if (/power|temperature|gpu/.test(name)) return null;
    const wave = (Math.sin(i / 37 + name.length) + 1) / 2;
    if (unit === 'bytes') return Math.round(16e9 * wave);
    if (unit === 'bytes/second') return 3e6 * wave;
    return decimals === 0 ? Math.round(900 * wave) : 100 * wave;
  }),
);

function cpuOf(action) {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function recordRows(name, bufferRows) {
  const dataDir = path.join(directory, name);
  const recorder = openRecorder({ dataDir, bufferRows });
  const spent = cpuOf(() => {
    for (let i = 0; i < rows; i++) recorder.append(START + i, samples[i % samples.length]);
    recorder.flush();
  });
  recorder.close();
  return spent;
}

/** The bytes that the recorder wrote, cut into the portions in which it wrote them. */
function portionsOf(name, bufferRows) {
  const portions = [];
  const dataDir = path.join(directory, name);
  for (const file of readdirSync(dataDir).sort()) {
    const bytes = readFileSync(path.join(dataDir, file));
    for (let at = 0; at < bytes.length;) {
      let end = at;
      for (let i = 0; i < bufferRows && end < bytes.length; i++) end = bytes.indexOf(10, end) + 1;
      portions.push(bytes.subarray(at, end));
      at = end;
    }
  }
  return portions;
}

function writeFloor(portions, name) {
  const descriptor = openSync(path.join(directory, name), 'a');
  const spent = cpuOf(() => {
    for (const portion of portions) writeSync(descriptor, portion);
  });
  closeSync(descriptor);
  return spent;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

try {
  for (const bufferRows of [60, 1]) {
    recordRows('warm', bufferRows);
    const portions = portionsOf('warm', bufferRows);
    const bytes = portions.reduce((sum, portion) => sum + portion.length, 0);
    const recorder = [];
    const floor = [];
    for (let round = 0; round < rounds; round++) {
      recorder.push(recordRows(`r${round}`, bufferRows) / rows);
      floor.push(writeFloor(portions, `f${round}`) / rows);
      for (const name of readdirSync(directory)) if (name !== 'warm') rmSync(path.join(directory, name), { recursive: true });
    }
    rmSync(path.join(directory, 'warm'), { recursive: true });
    const spent = median(recorder);
    console.log(
      `recorder, ${rows} rows of ${COLUMNS.length} columns (${(bytes / rows).toFixed(0)} bytes), written every ${bufferRows}: ` +
        `${spent.toFixed(2)} us of CPU a row; floor (write only) ${median(floor).toFixed(2)} us; ` +
        `ratio ${(spent / median(floor)).toFixed(1)}; at 1 Hz ${(spent / 1e4).toFixed(5)} % of a core`,
    );
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
