// What is measured side by side, as processes that make a pass for each line and answer with the CPU that it took.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const PYTHON = '/usr/bin/python3';
/** Node 20 reads that file at every start; the other changes how Node works. */
const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...env } = process.env;

/** Starts a contestant. `pass` resolves with its answer; rejects when it ended instead. */
export function start(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  return {
    pid: child.pid,
    async pass() {
      child.stdin.write('\n');
      const { value, done } = await lines.next();
      if (done) throw new Error(`${program} ${args.join(' ')} ended.`);
      return JSON.parse(value);
    },
    async stop() {
      child.stdin.end();
      child.kill();
      await ended;
    },
  };
}

/** Builds a C program of this folder; null and a word about it without a compiler. */
export function build(name, directory) {
  const program = path.join(directory, name);
  const built = spawnSync('gcc', ['-O2', '-Wall', '-o', program, here(`${name}.c`)], { encoding: 'utf8' });
  if (built.status === 0) return program;
  console.log(`SKIPPED: ${name}.c could not be built (apt-get install gcc libc6-dev): ${built.error?.message ?? built.stderr}`);
  return null;
}

/** Installs systeminformation beside nothing else; null and a word about it where the registry does not answer. */
function installSysteminformation(directory) {
  writeFileSync(path.join(directory, 'package.json'), '{"private":true}');
  const options = { cwd: directory, encoding: 'utf8', env, timeout: 120_000 };
  const got = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', 'systeminformation'], options);
  if (got.status === 0) return path.join(directory, 'package.json');
  console.log(
    `SKIPPED: systeminformation could not be installed, so nothing is compared with it: ${got.error?.message ?? got.stderr.trim()}`,
  );
  return null;
}

/** Whether psutil can be asked; a word about it otherwise. */
function hasPsutil() {
  const found = spawnSync(PYTHON, ['-c', 'import psutil'], { encoding: 'utf8' }).status === 0;
  if (!found) console.log('SKIPPED: psutil is not installed (apt-get install python3-psutil), so nothing is compared with it.');
  return found;
}

export const startPsutil = () => start(PYTHON, [here('contestant-psutil.py')]);
export const startSysteminformation = (manifest) => start(process.execPath, [here('contestant-systeminformation.mjs'), manifest]);
export const startFloor = (program, mode) => start(program, [mode]);

/** Starts a program as root that may not load others into the kernel. */
export const WITHOUT_BPF = ['setpriv', '--bounding-set=-sys_admin,-perfmon,-bpf'];

/**
 * hecate in a mode of contestant-hecate.mjs. Without the right to load programs into the kernel, so that it reads /proc
 * throughout, where setpriv can take it away; an ordinary user has it not.
 */
export function startHecate(mode, isPlain = true) {
  const args = [here('contestant-hecate.mjs'), mode];
  if (!isPlain || process.getuid() !== 0) return start(process.execPath, args);
  const [program, ...options] = WITHOUT_BPF;
  return start(program, [...options, process.execPath, ...args]);
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

export const verdict = (holds) => (holds ? 'ok' : 'MISSED');

/** Prints a figure beside its budget; nothing where it was not measured. */
export function judge(what, value, { atMost, atLeast, decimals = 2 }) {
  if (Number.isNaN(value)) return;
  const [holds, budget] = atMost === undefined ? [value >= atLeast, `at least ${atLeast}`] : [value <= atMost, `at most ${atMost}`];
  console.log(`  ${what}: ${value.toFixed(decimals)}, budget ${budget}: ${verdict(holds)}`);
}

/**
 * Builds and installs what is compared, and runs `bench` (the address of its module) with `--inside floor manifest psutil rounds`
 * in a pid namespace among so many sleeping processes, for each of `counts`.
 */
export function runAmongSleepers(bench, rounds, counts) {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-'));
  try {
    const floor = build('floor', directory);
    const population = build('population', directory);
    if (!floor || !population) return;
    const manifest = installSysteminformation(directory) ?? '';
    const psutil = hasPsutil() ? 'yes' : 'no';
    for (const count of counts.length > 0 ? counts : ['500', '2000']) {
      const args = [count, '0', process.execPath, fileURLToPath(bench), '--inside', floor, manifest, psutil, rounds];
      const { status } = spawnSync(population, args, { stdio: 'inherit' });
      if (status !== 0) console.log(`SKIPPED: no pid namespace with ${count} processes could be made or measured (status ${status}).`);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
