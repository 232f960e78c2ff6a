// systeminformation under measurement: the same figures, one round of calls for each line on standard input.
// It starts programs to read processes, so the CPU of its children counts: they are waited for before the answer.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const require = createRequire(process.argv[2]);
const si = require('systeminformation');

/**
 * CPU of this process and of the children that it waited for, in nanoseconds; theirs to a hundredth of a second.
 * Exported: a file that exports nothing is taken for a benchmark of its own.
 */
export function spent() {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000 + (fields[13] + fields[14]) * 1e7;
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
while (!(await lines.next()).done) {
  // It answers what it read in the last half second once more.
  await sleep(600);
  const before = spent();
  const [{ list }] = await Promise.all([si.processes(), si.currentLoad(), si.mem(), si.disksIO(), si.networkStats('*')]);
  process.stdout.write(`${JSON.stringify({ cpu: spent() - before, processes: list.length })}\n`);
}
