// A daemon under measurement, and what the kernel says about it.
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const hecate = fileURLToPath(new URL('../bin/hecate.cjs', import.meta.url));
const VERSIONS = ['20.20.2', '24.21.0', '26.10.0'];
/** Node 20 reads that file at every start: 50 ms and 2 MB that are not ours. The other two change how Node works. */
const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, MALLOC_ARENA_MAX: ___, ...env } = process.env;

export const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/**
 * The Nodes to measure on, as {name, program}: the one that runs this, and one of each other major version of the promise.
 * Those come from the npm registry into npm's cache. One that cannot be had or run is left out, and that is said.
 */
export function nodes() {
  const major = (version) => Number.parseInt(version, 10);
  return VERSIONS.flatMap((version) => {
    if (major(version) === major(process.versions.node)) return [{ name: `Node ${process.versions.node}`, program: process.execPath }];
    const name = `node-${process.platform}-${process.arch}@${version}`;
    const found = spawnSync('npx', ['--yes', '--package', name, '--', 'node', '-p', 'process.execPath'], { encoding: 'utf8', env });
    if (found.status === 0) return [{ name: `Node ${version}`, program: found.stdout.trim() }];
    console.log(
      `SKIPPED: Node ${version} could not be run (npx --package ${name}; Node 26 needs Debian's libatomic1): ${found.stderr.trim()}`,
    );
    return [];
  });
}

/** A program of this machine, or null; also looked for where only root has its PATH. */
export function findProgram(name) {
  const found = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name], {
    encoding: 'utf8',
    env: { ...env, PATH: `${env.PATH}:/usr/sbin:/sbin` },
  });
  return found.status === 0 ? found.stdout.trim() : null;
}

/** Starts a program whose output is nobody's. `stop` ends it and waits for its end; `alive` says whether it runs. */
export function startProgram(program, args, { stdout = 'ignore', ...options } = {}) {
  const child = spawn(program, args, { env, stdio: ['ignore', stdout, 'ignore'], ...options });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid,
    stdout: child.stdout,
    alive,
    stop: async () => {
      if (alive()) child.kill();
      await ended;
    },
  };
}

/** The user that owns nothing: reads processes from /proc, because BPF is not for it. */
export const NOBODY = 65_534;

/**
 * Starts `hecate serve` on a free port with directories of its own, as another user if one is given; resolves when it answers.
 * `settings` is the text of its config.toml: that of whoever measures is not read.
 */
export async function startDaemon(node, args = [], user = process.getuid(), settings = '') {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-bench-daemon-'));
  const own = { ...env, HOME: directory, XDG_CONFIG_HOME: path.join(directory, 'config'), XDG_STATE_HOME: path.join(directory, 'state') };
  mkdirSync(path.join(directory, 'config', 'hecate'), { recursive: true });
  writeFileSync(path.join(directory, 'config', 'hecate', 'config.toml'), settings);
  if (user !== process.getuid()) chownSync(directory, user, user);
  const daemon = startProgram(node, [hecate, 'serve', '--port', '0', '--data-dir', path.join(directory, 'data'), ...args], {
    stdout: 'pipe',
    env: own,
    ...(user === process.getuid() ? {} : { uid: user, gid: user }),
  });
  const stop = async () => {
    await daemon.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: daemon.stdout })) {
    const url = /http:\S+/.exec(line)?.[0];
    daemon.stdout.resume();
    if (url) return { pid: daemon.pid, url, alive: daemon.alive, stop };
  }
  await stop();
  throw new Error(`${node} ${hecate} serve ended without saying where it listens.`);
}

/**
 * CPU time of a process so far, in seconds: `threads`, those that live, to the nanosecond; `ticks`, with those that
 * ended and with children that were waited for, to a hundredth.
 */
export function cpuTime(pid) {
  let threads = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    threads += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e9;
  }
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { threads, ticks: (fields[11] + fields[12] + fields[13] + fields[14]) / 100 };
}

/** Where the open files of a process lead. */
function descriptors(pid) {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
    } catch {
      return []; // Closed meanwhile.
    }
  });
}

/** How a daemon reads processes now: `bpf` where it has an iterator open. */
export const routeOf = (pid) => (descriptors(pid).some((target) => target.startsWith('anon_inode:bpf')) ? 'bpf' : 'proc');

/** Bytes that an open file of /proc holds in the kernel once it was read: a page to write into, struct file, struct seq_file. */
const PROC_FILE = 4096 + 256 + 128;

/**
 * Memory of a process in MiB: resident, the private part that no file backs, and the most that was ever resident;
 * its descriptors, and what those of /proc hold in the kernel.
 */
export function memory(pid) {
  const open = descriptors(pid);
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const of = (field) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024;
  return {
    resident: of('VmRSS'),
    anonymous: of('RssAnon'),
    peak: of('VmHWM'),
    descriptors: open.length,
    kernel: (open.filter((target) => target.startsWith('/proc/')).length * PROC_FILE) / 2 ** 20,
  };
}

export const countProcesses = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;

/** Processes that sleep, until about `wanted` are visible. They end by themselves after an hour if nobody ends them. */
export async function populate(wanted) {
  const sleepers = [];
  for (let missing = wanted - countProcesses(); missing > 0; missing--) {
    sleepers.push(startProgram('sleep', ['3600']));
    if (missing % 50 === 0) await sleep(0.01);
  }
  return { count: sleepers.length, stop: () => Promise.all(sleepers.map((sleeper) => sleeper.stop())) };
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** A table on standard output: the first column to the left, the others to the right. */
export function printTable(heads, rows) {
  const lines = [heads, ...rows].map((row) => row.map(String));
  const widths = heads.map((_head, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    console.log(`  ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')}`);
  }
}

/** What a budget says about a figure. */
export const verdict = (value, most) => (value < most ? 'ok' : 'MISSED');

/** How busy the machine is with others' work: the load over the last minute, and how many processes there are. */
export const describeMachine = () => `${countProcesses()} processes, load ${readFileSync('/proc/loadavg', 'latin1').split(' ', 1)[0]}`;
