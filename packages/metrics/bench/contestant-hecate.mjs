// hecate under measurement: one pass for each line on standard input, answered with the CPU that it took.
// Modes: `turns` as the daemon reads at 1 Hz, dear files in turns; `full` the io file of every process at every pass;
// `stall` also watches for how long the event loop was held.
import { createInterface } from 'node:readline';
import { nativeBuffer, openHost, openNative } from '@hecate/host';
import { openSampler } from '@hecate/metrics';
import { finish } from '../dist/model/collector.js';
import { collectGaps } from '../dist/model/gap.js';
import { openProcRoute } from '../dist/linux/process/proc-route.js';
import { openProcessTable } from '../dist/linux/process/table.js';

const SYSTEM = ['cpu', 'memory', 'load', 'pressure', 'disk', 'network'];
const mode = process.argv[2];
const real = openHost();
// Passes follow each other quickly here; for what is read in turns they are a second apart.
let seconds = 0;
const host = { ...real, clock: { now: real.clock.now, monotonic: () => seconds } };
/** CPU of this process in nanoseconds. Exported: a file that exports nothing is taken for a benchmark of its own. */
export const spent = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

/** One full snapshot over /proc, at one stretch. */
function openPlain(periods) {
  const table = openProcessTable(host, { plain: (given) => openProcRoute(given, periods), fast: null });
  const readers = SYSTEM.map((name) => collectors[name].open(host));
  return async () => {
    seconds++;
    const gaps = collectGaps([]);
    for (const reader of readers) await finish(reader.read(gaps));
    return finish(table.read(gaps)).length;
  };
}

const CLOCK_THREAD_CPUTIME_ID = 3;

/** CPU of the main thread, in milliseconds: what other programs and helper threads took meanwhile did not hold the loop. */
function threadClock() {
  const clockGettime = openNative().libraryFunction('int clock_gettime(int clock, void *time)');
  const time = nativeBuffer(16);
  return () => {
    clockGettime(CLOCK_THREAD_CPUTIME_ID, time);
    return Number(time.readBigInt64LE(0)) * 1000 + Number(time.readBigInt64LE(8)) / 1e6;
  };
}

/** The sampler as a program uses it; the longest time between two turns of the event loop comes with it. */
function openSampled() {
  const sampler = openSampler(real, { only: [...SYSTEM, 'processes'] });
  const clock = threadClock();
  return async () => {
    let longest = 0;
    let isDone = false;
    let last = clock();
    const turn = () => {
      const now = clock();
      longest = Math.max(longest, now - last);
      last = now;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    const { processes } = await sampler.take();
    isDone = true;
    turn();
    return { processes: processes.length, longest };
  };
}

const { linuxCollectors } = await import('../dist/linux/index.js');
const collectors = Object.fromEntries(linuxCollectors.map((collector) => [collector.name, collector]));
const pass = mode === 'stall' ? openSampled() : openPlain(mode === 'full' ? { io: 0 } : {});
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
while (!(await lines.next()).done) {
  const before = spent();
  const result = await pass();
  const cpu = spent() - before;
  process.stdout.write(`${JSON.stringify({ cpu, ...(typeof result === 'number' ? { processes: result } : result) })}\n`);
}
