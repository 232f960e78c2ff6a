// node packages/change/bench/engine.mjs: what a plan of 40 changes costs the engine (preview, apply, verify, rollback: milliseconds and
// flushes to the disk), beside writing 40 values without a net and beside a loop of `sysctl -w`. Values are those of a tree of files; the
// loop writes to the real vm.swappiness what is there already.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let flushes = 0;
const { fsyncSync } = fs;
fs.fsyncSync = (descriptor) => {
  flushes++;
  fsyncSync(descriptor);
};
syncBuiltinESMExports();
const { openEngine, openHandlers, parsePlan } = await import('@hecate/change');
const { openRootedHost, openWritableHost } = await import('@hecate/host');

const CHANGES = 40;
const ROUNDS = 15;
const root = fs.mkdtempSync(join(tmpdir(), 'hecate-bench-'));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const figures = new Map();

/** Does something and keeps how long it took, and how often it flushed. */
async function measure(name, work) {
  const before = flushes;
  const begun = performance.now();
  const result = await work();
  const { times } = figures.get(name) ?? { times: [] };
  figures.set(name, { times: [...times, performance.now() - begun], flushed: flushes - before });
  return result;
}

try {
  fs.mkdirSync(join(root, 'proc'), { recursive: true });
  fs.mkdirSync(join(root, 'sys/kernel/values'), { recursive: true });
  const paths = Array.from({ length: CHANGES }, (_, number) => `/sys/kernel/values/v${number}`);
  for (const path of paths) fs.writeFileSync(join(root, path), '1\n');
  const handlers = openHandlers();
  const plan = parsePlan(
    {
      component: 'bench',
      title: 'bench',
      changes: paths.map((path) => ({ action: { kind: 'sysfs', path, value: '2' }, why: 'It is measured.', source: 'bench' })),
    },
    handlers,
  );
  for (let round = 0; round < ROUNDS; round++) {
    const engine = openEngine({ host: openWritableHost(openRootedHost(root)), handlers, directory: join(root, 'journal') });
    await measure('preview', () => engine.preview(plan));
    const { id } = await measure('apply', () => engine.apply(plan));
    await measure('verify', () => engine.verify());
    await measure('recover, nothing to do', () => engine.recover());
    await measure('roll back', () => engine.rollBack(id));
    await measure('40 writes without a net', () => {
      for (const path of paths) fs.writeFileSync(join(root, path), '1\n');
    });
    const value = fs.readFileSync('/proc/sys/vm/swappiness', 'utf8').trim();
    if (round < 3) {
      await measure('40 times sysctl -w', () => {
        for (let number = 0; number < CHANGES; number++) spawnSync('sysctl', ['-q', '-w', `vm.swappiness=${value}`]);
      });
    }
  }
  const ended = fs.readFileSync(join(root, 'journal', '000001.journal'));
  for (let id = ROUNDS + 1; id <= 200; id++) fs.writeFileSync(join(root, 'journal', `${String(id).padStart(6, '0')}.journal`), ended);
  for (let round = 0; round < 5; round++) {
    const engine = openEngine({ host: openWritableHost(openRootedHost(root)), handlers, directory: join(root, 'journal') });
    const { id } = await measure('apply, behind 200 journals', () => engine.apply(plan));
    await measure('recover, behind 200 journals', () => engine.recover());
    await engine.rollBack(id);
  }
  console.log(`${CHANGES} changes, median of ${ROUNDS}`.padEnd(34), 'ms'.padStart(8), 'flushes'.padStart(8));
  for (const [name, { times, flushed }] of figures)
    console.log(name.padEnd(34), median(times).toFixed(1).padStart(8), String(flushed).padStart(8));
} finally {
  fs.rmSync(root, { recursive: true, force: true });
}
