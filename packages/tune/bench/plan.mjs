// What it takes to work out a plan for this machine: `node packages/tune/bench/plan.mjs [rounds] [profile]`. Run `npm run setup` first. Writes nothing.
//
// Cold: each round is a process of its own, as for a user who types the command. The times are those of the parts within it; beside them the whole
// command `hecate tune plan`, and the floors: a Node that does nothing, and `tuned-adm recommend` where tuned is installed. All take turns.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BUDGET = 100;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

if (process.argv[2] === '--inside') {
  const { openEngine, openHandlers, findConflicts } = await import('@hecate/change');
  const { openHost, openWritableHost } = await import('@hecate/host');
  const { classify, createLook, detect, loadProfile, planProfile, withoutMissing } = await import('@hecate/tune');
  const times = {};
  const timed = async (name, work) => {
    const start = performance.now();
    const value = await work();
    times[name] = performance.now() - start;
    return value;
  };
  const start = performance.now();
  const host = openWritableHost(openHost());
  const engine = openEngine({ host, handlers: openHandlers(), directory: '/nonexistent' });
  const facts = await timed('detect', () => detect(host));
  const name = process.argv[3] || classify(facts).profile;
  const profile = await timed('profile', () => loadProfile(name, [here('../profiles')]));
  const wanted = await timed('plan', () => planProfile(facts, profile, createLook(host)));
  const steps = await timed('preview', () => engine.preview(wanted.plan));
  await timed('conflicts', () => findConflicts(host, withoutMissing(wanted, steps).plan));
  times.all = performance.now() - start;
  console.log(JSON.stringify({ times, profile: name, changes: wanted.plan.changes.length }));
} else {
  const [rounds = '21', profile = ''] = process.argv.slice(2);
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const wall = (program, ...args) => {
    const start = process.hrtime.bigint();
    const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
    return { ms: Number(process.hrtime.bigint() - start) / 1e6, stdout };
  };
  const hecate = here('../../cli/bin/hecate.cjs');
  const tuned = ['/usr/sbin/tuned-adm', '/usr/bin/tuned-adm'].find((path) => existsSync(path));
  const samples = new Map();
  const add = (name, ms) => samples.set(name, [...(samples.get(name) ?? []), ms]);
  let last;
  for (let round = 0; round < Number(rounds); round++) {
    last = JSON.parse(wall(process.execPath, here('plan.mjs'), '--inside', profile).stdout);
    for (const [name, ms] of Object.entries(last.times)) add(name, ms);
    add('command', wall(process.execPath, hecate, 'tune', 'plan', ...(profile ? ['--profile', profile] : []), '--format', 'json').ms);
    add('node', wall(process.execPath, '-e', '0').ms);
    if (tuned) add('tuned', wall(tuned, 'recommend').ms);
  }
  const of = (name) => median(samples.get(name));
  console.log(`profile ${last.profile}, ${last.changes} changes; medians of ${rounds} cold processes, ms:`);
  for (const name of samples.keys()) console.log(`  ${name.padEnd(10)} ${of(name).toFixed(1).padStart(8)}`);
  console.log(
    `  all / budget of ${BUDGET} ms: ${(of('all') / BUDGET).toFixed(2)}, budget at most 1: ${of('all') <= BUDGET ? 'ok' : 'MISSED'}`,
  );
  console.log(`  hecate tune plan / node -e 0: ${(of('command') / of('node')).toFixed(2)}`);
  if (tuned) console.log(`  tuned-adm recommend / hecate tune plan: ${(of('tuned') / of('command')).toFixed(2)}`);
}
