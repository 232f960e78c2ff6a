// node packages/change/bench/tuned-crash.mjs [rounds]: what is left of the original values when a tuner is killed (kill -9), started anew and
// told to undo: ours beside Debian's tuned (apt-get install tuned dbus), the same values, one after the other. First both are killed when they
// have applied; then, for so many rounds, at moments spread over the time that applying takes. As root; it puts everything back.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openEngine, openHandlers, parsePlan } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';

const SELF = fileURLToPath(import.meta.url);
const THP = '/sys/kernel/mm/transparent_hugepage/enabled';
const ETC = '/etc/tuned';
const NAME = 'hecate-bench';
const BUS = '/run/dbus/system_bus_socket';
const openOurs = (directory) => openEngine({ host: openWritableHost(openHost()), handlers: openHandlers(), directory });

/** Runs a program to its end; throws with what it said when it fails. */
function run(program, ...args) {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.error || done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.error?.message ?? done.stderr}`);
  return done.stdout.trim();
}

/** Waits until something is so; throws after a minute. */
async function until(what, isSo) {
  const end = Date.now() + 60_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`${what}: not within a minute.`);
    await sleep(100);
  }
}

async function compare(rounds) {
  const top = mkdtempSync(join(tmpdir(), 'hecate-tuned-'));
  const image = join(top, 'image');
  writeFileSync(image, '');
  truncateSync(image, 8 << 20);
  const device = run('losetup', '--find', '--show', image);
  const loop = device.slice('/dev/'.length);
  const files = {
    'vm.swappiness': '/proc/sys/vm/swappiness',
    'vm.dirty_ratio': '/proc/sys/vm/dirty_ratio',
    'transparent huge pages': THP,
    'read-ahead of a loop device': `/sys/block/${loop}/queue/read_ahead_kb`,
  };
  const look = () => Object.fromEntries(Object.entries(files).map(([name, file]) => [name, chosen(readFileSync(file, 'utf8'))]));
  const before = look();
  const reset = () => {
    for (const [name, file] of Object.entries(files)) if (look()[name] !== before[name]) writeFileSync(file, before[name]);
  };
  try {
    const wanted = {
      'vm.swappiness': '11',
      'vm.dirty_ratio': '33',
      'transparent huge pages': 'never',
      'read-ahead of a loop device': '4096',
    };
    const ours = await runOurs(top, files, wanted, look);
    reset();
    const lost = () => Object.keys(before).some((name) => look()[name] !== before[name]);
    const oursLost = await killOurs(top, rounds, () => lost());
    reset();
    const theirs = await runTuned(loop, wanted, { look, lost, reset, rounds });
    reset();
    print(before, { ours, theirs });
    console.log(`originals lost in kills while applying: ours ${oursLost} of ${rounds}, tuned ${theirs.lostRounds} of ${rounds}`);
  } finally {
    reset();
    run('losetup', '--detach', device);
    rmSync(top, { recursive: true, force: true });
  }
}

const chosen = (text) => /\[(.+?)\]/.exec(text)?.[1] ?? text.trim();

async function runOurs(top, files, wanted, look) {
  const changes = Object.entries(files).map(([name, path]) => ({
    action: path.startsWith('/proc/sys/')
      ? { kind: 'sysctl', key: path.slice('/proc/sys/'.length).replace('/', '.'), value: wanted[name] }
      : { kind: 'sysfs', path, value: wanted[name] },
    why: 'It is compared.',
    source: 'bench',
  }));
  const plan = join(top, 'plan.json');
  writeFileSync(plan, JSON.stringify({ component: 'bench', title: 'bench', changes }));
  const directory = join(top, 'journal');
  const child = spawn(process.execPath, [SELF, 'apply', plan, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const applied = look();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const engine = openOurs(directory);
  await engine.recover();
  for (const { id, phase } of engine.list()) if (phase !== 'ended') await engine.rollBack(id);
  return { applied, after: look() };
}

/** Kills our applier at moments spread over its time; in how many rounds an original was lost. */
async function killOurs(top, rounds, lost) {
  let bad = 0;
  for (let round = 0; round < rounds; round++) {
    const directory = join(top, `journal-${round}`);
    const child = spawn(process.execPath, [SELF, 'apply', join(top, 'plan.json'), directory], { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(child, 'exit');
    // Node needs some 70 ms to begin; then it applies for about as long.
    await sleep(60 + (100 * round) / rounds);
    child.kill('SIGKILL');
    await ended;
    const engine = openOurs(directory);
    await engine.recover();
    for (const { id, phase } of engine.list()) if (phase !== 'ended') await engine.rollBack(id);
    if (lost()) bad++;
  }
  return bad;
}

async function runTuned(loop, wanted, { look, lost, reset, rounds }) {
  const saved = mkdtempSync(join(tmpdir(), 'hecate-etc-tuned-'));
  cpSync(ETC, saved, { recursive: true });
  mkdirSync('/run/dbus', { recursive: true });
  const bus =
    existsSync(BUS) && !spawnSync('dbus-send', ['--system', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ListNames']).status
      ? null
      : startBus();
  let daemon = null;
  const start = async () => {
    daemon = spawn('tuned', ['--log'], { stdio: 'ignore' });
    await until('tuned answers', () => spawnSync('tuned-adm', ['active']).status === 0);
  };
  const kill = async () => {
    const ended = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await ended;
  };
  try {
    mkdirSync(join(ETC, NAME), { recursive: true });
    writeFileSync(join(ETC, NAME, 'tuned.conf'), profileOf(loop, wanted));
    await start();
    run('tuned-adm', 'profile', NAME);
    await until('tuned has applied', () => JSON.stringify(look()) === JSON.stringify(wanted));
    const applied = look();
    await kill();
    await start();
    await until('tuned has applied again', () => run('tuned-adm', 'active').includes(NAME));
    await sleep(2000);
    run('tuned-adm', 'off');
    await sleep(1000);
    const after = look();
    let lostRounds = 0;
    for (let round = 0; round < rounds; round++) {
      reset();
      const asked = spawn('tuned-adm', ['profile', NAME], { stdio: 'ignore' });
      const answered = once(asked, 'exit');
      // tuned-adm needs 0.1 s to ask, and tuned about a second to apply.
      await sleep(100 + (1200 * round) / rounds);
      await kill();
      await answered;
      await start();
      await sleep(2000);
      run('tuned-adm', 'off');
      await sleep(500);
      if (lost()) lostRounds++;
    }
    return { applied, after, lostRounds };
  } finally {
    if (daemon) daemon.kill('SIGTERM');
    if (daemon && daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit');
    if (bus !== null) process.kill(bus);
    rmSync(ETC, { recursive: true, force: true });
    cpSync(saved, ETC, { recursive: true });
    rmSync(saved, { recursive: true, force: true });
  }
}

/** Starts the system bus; its pid. */
const startBus = () => {
  rmSync('/run/dbus/pid', { force: true });
  return Number(run('dbus-daemon', '--system', '--fork', '--print-pid'));
};

const profileOf = (loop, wanted) => `[main]
summary=Compared with hecate
[sysctl]
vm.swappiness=${wanted['vm.swappiness']}
vm.dirty_ratio=${wanted['vm.dirty_ratio']}
[vm]
transparent_hugepages=${wanted['transparent huge pages']}
[disk]
devices=${loop}
readahead=${wanted['read-ahead of a loop device']}
`;

function print(before, { ours, theirs }) {
  const version = /[\d.]+/.exec(run('tuned', '--version'))?.[0];
  const row = (...cells) => console.log(cells.map((cell, index) => String(cell).padEnd(index === 0 ? 30 : 16)).join(''));
  row('', 'before', 'applied', 'ours after', `tuned ${version} after`);
  for (const name of Object.keys(before)) row(name, before[name], theirs.applied[name], ours.after[name], theirs.after[name]);
  const lost = (after) => Object.keys(before).filter((name) => after[name] !== before[name]).length;
  row('originals lost', '', '', lost(ours.after), lost(theirs.after));
}

const [mode, planFile, journal] = process.argv.slice(2);
if (mode === 'apply') {
  // The process that is killed: it has applied, and stays, as a daemon does.
  const plan = parsePlan(JSON.parse(readFileSync(planFile, 'utf8')), openHandlers());
  await openOurs(journal).apply(plan);
  process.stdout.write('applied\n');
  setInterval(() => {}, 1000);
} else if (process.getuid() !== 0) {
  console.error('It changes values of the kernel: run it as root.');
  process.exitCode = 1;
} else if (spawnSync('tuned', ['--version']).error || spawnSync('dbus-daemon', ['--version']).error) {
  console.error('tuned or dbus-daemon is not installed: apt-get install tuned dbus');
  process.exitCode = 1;
} else await compare(Number(mode ?? 10));
