// hecate with its BPF task iterator under measurement: one pass for each line on standard input, answered with the CPU that it took.
// Modes: `table` the table of processes alone, `full` with the files of the machine beside it, `route` what the kernel gave, undigested.
import { createInterface } from 'node:readline';
import { openHost } from '@hecate/host';
import { openBpfRoute } from '../dist/linux/bpf/task-route.js';
import { linuxCollectors } from '../dist/linux/index.js';
import { createColumns } from '../dist/linux/process/columns.js';
import { openProcRoute } from '../dist/linux/process/proc-route.js';
import { openProcessTable } from '../dist/linux/process/table.js';
import { finish } from '../dist/model/collector.js';
import { collectGaps } from '../dist/model/gap.js';

const SYSTEM = ['cpu', 'memory', 'load', 'pressure', 'disk', 'network'];
const mode = process.argv[2];
const host = openHost();

function openTable() {
  const table = openProcessTable(host, { plain: openProcRoute, fast: openBpfRoute });
  const readers =
    mode === 'full' ? linuxCollectors.filter(({ name }) => SYSTEM.includes(name)).map((collector) => collector.open(host)) : [];
  return async () => {
    const gaps = collectGaps([]);
    for (const reader of readers) await finish(reader.read(gaps));
    const { length, route } = finish(table.read(gaps));
    return { processes: length, route };
  };
}

function openColumns() {
  const route = finish(openBpfRoute(host));
  const columns = createColumns();
  return () => {
    finish(route.pass(columns, collectGaps([])));
    return { processes: columns.length, route: route.name };
  };
}

const pass = mode === 'route' ? openColumns() : openTable();
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
while (!(await lines.next()).done) {
  const before = process.cpuUsage();
  const answer = await pass();
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`${JSON.stringify({ cpu: (user + system) * 1000, ...answer })}\n`);
}
