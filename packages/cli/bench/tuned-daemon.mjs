// What keeping a profile in force costs the daemon: `node packages/cli/bench/tuned-daemon.mjs [seconds]`. Run `npm run setup` first. Linux, root.
//
// Two daemons in the same seconds, one of which keeps a profile of one harmless setting (vm.dirty_writeback_centisecs, put back at the end), beside
// tuned where it is installed and runs. CPU from /proc/PID/stat, memory from smaps_rollup, after a warm-up in which the profile was applied and judged.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SETTING = '/proc/sys/vm/dirty_writeback_centisecs';
const WARM_UP = 40;
const BUDGET = { cpu: 1, resident: 50 };
const hecate = fileURLToPath(new URL('../bin/hecate.cjs', import.meta.url));
const seconds = Number(process.argv[2] ?? 60);

/** Seconds of CPU time that a process has used. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Mebibytes by kind. */
function memoryOf(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)[1]) / 1024;
  return { resident: of('Rss'), proportional: of('Pss'), private: of('Private_Clean') + of('Private_Dirty') };
}

function start(home, port, profile) {
  const { NODE_EXTRA_CA_CERTS: _, ...rest } = process.env;
  const env = { ...rest, XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, HECATE_STATE_DIR: home, MALLOC_ARENA_MAX: '1' };
  const args = [hecate, 'serve', '--port', String(port), '--no-record', '--tune', profile];
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

const tunedPid = () =>
  readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/comm`, 'utf8') === 'tuned\n';
    } catch {
      return false;
    }
  });

if (process.getuid() !== 0) {
  console.log('SKIPPED: keeping a profile in force takes root.');
} else {
  const before = readFileSync(SETTING, 'utf8');
  const home = mkdtempSync(join(tmpdir(), 'hecate-bench-tuned-'));
  mkdirSync(join(home, 'hecate', 'profiles'), { recursive: true });
  writeFileSync(
    join(home, 'hecate', 'profiles', 'own.toml'),
    `name = "own"\ntitle = "Own"\nsummary = "For a benchmark."\n[[knobs]]\nknob = "sysctl"\nkey = "vm.dirty_writeback_centisecs"\nvalue = ${Number(before) + 7}\nwhy = "A benchmark sets it."\nsource = "the benchmark"\n`,
  );
  writeFileSync(join(home, 'hecate', 'config.toml'), '[tune]\nsettle = 0\nwatch = 5\n');
  const daemons = { plain: start(home, 19_196, 'off'), tuned: start(home, 19_197, 'own') };
  try {
    await sleep(WARM_UP * 1000);
    const status = await (await fetch('http://127.0.0.1:19197/api/v1/tuning')).json();
    if (status.events[0]?.kind !== 'tuned') throw new Error(`The profile is not in force: ${JSON.stringify(status)}`);
    const pids = Object.entries(daemons).map(([name, { pid }]) => [name === 'plain' ? 'hecate serve' : 'hecate serve --tune', pid]);
    const peer = tunedPid();
    if (peer) pids.push(['tuned', Number(peer)]);
    // What the question above brought into memory is given back by the daemon's own rule; nobody asks from here on.
    const began = pids.map(([, pid]) => cpuOf(pid));
    await sleep(seconds * 1000);
    console.log(`${seconds} s                  CPU % of a core   resident  proportional  private (MiB)`);
    const rows = pids.map(([name, pid], index) => ({ name, cpu: ((cpuOf(pid) - began[index]) / seconds) * 100, ...memoryOf(pid) }));
    for (const { name, cpu, resident, proportional, private: own } of rows) {
      console.log(
        `${name.padEnd(22)} ${cpu.toFixed(2).padStart(14)} ${resident.toFixed(1).padStart(10)} ${proportional.toFixed(1).padStart(13)} ${own.toFixed(1).padStart(8)}`,
      );
    }
    const [plain, tuned] = rows;
    const verdict = (holds) => (holds ? 'ok' : 'MISSED');
    console.log(`CPU ${tuned.cpu.toFixed(2)} %, budget at most ${BUDGET.cpu} %: ${verdict(tuned.cpu <= BUDGET.cpu)}`);
    console.log(
      `resident ${tuned.resident.toFixed(1)} MiB, budget at most ${BUDGET.resident}: ${verdict(tuned.resident <= BUDGET.resident)}`,
    );
    console.log(
      `with / without tuning: CPU ${(tuned.cpu / plain.cpu).toFixed(2)}, private memory ${(tuned.private / plain.private).toFixed(2)}`,
    );
  } finally {
    for (const daemon of Object.values(daemons)) daemon.kill();
    await sleep(500);
    spawnSync(process.execPath, [hecate, 'tune', 'rollback', '--state-dir', home], { stdio: 'inherit' });
    writeFileSync(SETTING, before);
    rmSync(home, { recursive: true, force: true });
  }
}
