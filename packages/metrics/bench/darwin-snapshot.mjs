// What a snapshot of macOS costs in our own code, with 500 processes: `node packages/metrics/bench/darwin-snapshot.mjs [rounds] [processes] [collector]`.
// Run `npm run setup` first. Linux, gcc: the stand-in for Apple's libraries answers, so its own time means nothing and is taken off.
//
// Every native call (and copy of memory, and look at errno) is timed and taken off, and what timing costs; the rest is ours: decoding, tables, names, gaps, the sampler.
// `again` is a tick of a sampler that is open, `first` is `machine.snapshot()`: readers are opened, names and commands are read.
// Both take turns with each collector alone. Medians. Collectors that have no answer from the stand-in are left out.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const rounds = Number(process.argv[2] ?? 300);
const count = Number(process.argv[3] ?? 500);
const WARM_UP = 150;
/** Milliseconds of our own for a snapshot. */
const BUDGET = 3;
const source = (path) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

/** The backend and the stand-in in one module: they are TypeScript, and the stand-in belongs to tests. */
async function load() {
  const folder = mkdtempSync(join(tmpdir(), 'hecate-bench-'));
  const outfile = join(folder, 'darwin.mjs');
  const entry = [
    "export { darwinCollectors } from './darwin/index.ts';",
    "export { openFakeDarwin, noFakeDarwin } from './darwin/fake/fake-darwin.testing.ts';",
    "export { merge } from './darwin/fake/machine.testing.ts';",
    "export { processesOf } from './darwin/fake/processes.testing.ts';",
    "export { m1Laptop } from './darwin/machines/m1-laptop.testing.ts';",
    "export { openMachineOf } from './machine.ts';",
    "export { openSamplerOf } from './sampler.ts';",
    "export { finish } from './model/collector.ts';",
    "export { isRefusal } from './model/gap.ts';",
  ].join('\n');
  try {
    await build({
      stdin: { contents: entry, resolveDir: source(''), loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      external: ['koffi'],
      alias: { '@hecate/host': fileURLToPath(new URL('../../host/src/index.ts', import.meta.url)) },
      // Where the stand-in lies is asked of its own file; what else asks finds koffi from there too.
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(source('darwin/fake/fake-darwin.testing.ts')).href) },
      plugins: [
        {
          name: 'no-vitest',
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /^vitest$/ }, () => ({ path: 'vitest', namespace: 'none' }));
            onLoad({ filter: /^/, namespace: 'none' }, () => ({
              contents: 'export const expect = (is) => ({ toBe: (be) => { if (is !== be) throw new Error(is); } });',
            }));
          },
        },
      ],
      logLevel: 'error',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const now = () => performance.now();

/** Time spent in native calls so far, and how many there were. */
const native = { time: 0, calls: 0 };

function timed(act) {
  return (...given) => {
    const start = now();
    try {
      return act(...given);
    } finally {
      native.time += now() - start;
      native.calls++;
    }
  };
}

/** The same libraries, each call timed. */
function timedLibraries(libraries) {
  const wrapped = new Map();
  const wrap = (library) => ({ ...library, function: (...given) => ((found) => found && timed(found))(library.function(...given)) });
  return {
    ...libraries,
    load(path) {
      if (!wrapped.has(path)) wrapped.set(path, ((library) => library && wrap(library))(libraries.load(path)));
      return wrapped.get(path);
    },
    copy: timed(libraries.copy),
    errno: timed(libraries.errno),
  };
}

const { darwinCollectors, finish, isRefusal, merge, m1Laptop, noFakeDarwin, openFakeDarwin, openMachineOf, openSamplerOf, processesOf } =
  await load();
if (noFakeDarwin !== null) {
  console.log(`skipped: ${noFakeDarwin}`);
  process.exit(0);
}

/** A process of this user, with all that can be known of it. */
const processOf = (index, pass) => ({
  pid: 1000 + index,
  ppid: index < 20 ? 1 : 1000 + (index % 20),
  uid: 501,
  name: `program ${index % 60}`,
  started: 1_789_900_000 + index,
  path: `/Applications/Some Program ${index % 60}.app/Contents/MacOS/program ${index % 60}`,
  command: [`/Applications/Some Program ${index % 60}.app/Contents/MacOS/program ${index % 60}`, '--type=renderer', `--client-id=${index}`],
  task: { pti_total_user: 24e6 * pass, pti_total_system: 12e6 * pass, pti_resident_size: 1e8, pti_threadnum: 8, pti_faults: 1000 * pass },
  resources: { ri_energy_nj: 1e9 * pass, ri_phys_footprint: 2e8, ri_diskio_bytesread: 1e6 * pass, ri_diskio_byteswritten: 1e5 * pass },
});
const population = (pass) => processesOf(Array.from({ length: count }, (_, index) => processOf(index, pass)));
const fake = openFakeDarwin(merge(m1Laptop, population(1)));
const libraries = timedLibraries(fake.libraries);
const host = { ...fake.host, libraries: () => libraries };

/** One way of reading, with what each turn of it took: all of it, and what of it was ours. */
const way = (read) => ({ read, whole: [], ours: [], calls: 0 });
const only = process.argv[4] ?? '';
const gaps = { add() {}, addError() {} };
const readers = new Map();
for (const collector of darwinCollectors.filter(({ name }) => name.startsWith(only))) {
  const reader = collector.open(host);
  // What programs alone tell, and what this machine lacks, has no answer here.
  try {
    finish(await reader.read(gaps));
    readers.set(collector, reader);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    reader.close();
  }
}
const collectors = [...readers.keys()];
const sampler = openSamplerOf(collectors, host, { slowPeriod: 0, rarePeriod: 0 });
/** Each is read by a reader that is open, and by one that is opened for it. */
const subjects = [
  { name: 'snapshot', again: way(() => sampler.take(5)), first: way(() => openMachineOf(collectors, host).snapshot()) },
  ...collectors.map((collector) => ({
    name: collector.name,
    again: way(async () => finish(await readers.get(collector).read(gaps))),
    first: way(async () => {
      const reader = collector.open(host);
      finish(await reader.read(gaps));
      reader.close();
    }),
  })),
];

/** Milliseconds that timing a call adds to what is ours. */
function priceOfTiming() {
  const nothing = timed(() => 0);
  const TIMES = 200_000;
  for (let time = 0; time < TIMES; time++) nothing(time, null);
  const before = native.time;
  const start = now();
  for (let time = 0; time < TIMES; time++) nothing(time, null);
  return (now() - start - (native.time - before)) / TIMES;
}
const price = priceOfTiming();

async function take(one) {
  const before = { ...native };
  const start = now();
  await one.read();
  const whole = now() - start;
  one.whole.push(whole);
  one.calls = native.calls - before.calls;
  one.ours.push(whole - (native.time - before.time) - one.calls * price);
}
for (let round = 0; round < WARM_UP + rounds; round++) {
  fake.advance(1);
  for (const { again, first } of subjects) {
    await take(again);
    await take(first);
    if (round >= WARM_UP) continue;
    for (const one of [again, first]) for (const times of [one.whole, one.ours]) times.pop();
  }
}
sampler.close();
for (const reader of readers.values()) reader.close();

const cell = (value) => String(value).padStart(8);
const cells = ({ ours, whole, calls }) => [median(ours).toFixed(3), median(whole).toFixed(3), calls].map(cell).join('');
console.log(`macOS against the stand-in, ${count} processes, medians of ${rounds} in milliseconds`);
console.log(`  ${'open, and opened'.padEnd(16)}${['ours', 'whole', 'calls', 'ours', 'whole', 'calls'].map(cell).join('')}`);
for (const { name, again, first } of subjects) console.log(`  ${name.padEnd(16)}${cells(again)}${cells(first)}`);
for (const [name, { ours }] of Object.entries({
  'a snapshot of an open sampler': subjects[0].again,
  'a first snapshot': subjects[0].first,
})) {
  const value = median(ours);
  console.log(`  ${name}: ${value.toFixed(2)} ms of ours, ${value <= BUDGET ? 'within' : 'MORE THAN'} ${BUDGET} ms`);
}
const mistakes = [...new Set(fake.faults().split('\n').filter(Boolean))];
console.log(`  mistakes that the stand-in saw: ${mistakes.length === 0 ? 'none' : mistakes.slice(0, 4).join('; ')}`);
