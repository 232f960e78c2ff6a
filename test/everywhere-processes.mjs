// Runs in the places of everywhere-processes.test.ts, with the built packages: reads all that can be known of every live process,
// and says, as JSON, what of it is not a value, null with a gap, or null by its own definition.
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '@hecate/host';
import { readProcessDetail } from '@hecate/metrics';
import { improperGaps, wrongIn } from './everywhere-values.mjs';

/** Null without a gap: no terminal, not deleted where no program is told, pages that were not asked for, outside of units. */
const NULL_BY_ITSELF = new Set(['terminal', 'programDeleted', 'pages', 'unit', 'slice', 'container']);

const host = openHost();
const wrong = [];
const names = {};
let read = 0;
let gone = 0;
const before = readdirSync('/proc/self/fd').length;
const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
// Milliseconds in which they may end.
await sleep(Number(process.argv[2] ?? 0));
for (const pid of pids.map(Number)) {
  const detail = readProcessDetail(host, pid);
  if (detail === null) {
    gone++;
    continue;
  }
  read++;
  names[detail.name] = (names[detail.name] ?? 0) + 1;
  wrongIn(detail, `${pid}`, wrong);
  const told = detail.gaps.map(({ field }) => field.split('.')[0]);
  for (const [key, value] of Object.entries(detail)) {
    if (value === null && !told.includes(key) && !NULL_BY_ITSELF.has(key)) wrong.push(`${pid}.${key} is null without a reason`);
  }
  for (const { field, reason, detail: why } of improperGaps(detail.gaps)) wrong.push(`${pid}.${field}: ${reason}: ${why}`);
  if (detail.pid !== pid) wrong.push(`${pid} is told to be ${detail.pid}`);
}
const left = readdirSync('/proc/self/fd').length - before;
process.stdout.write(JSON.stringify({ read, gone, left, names, wrong: wrong.slice(0, 20) }));
