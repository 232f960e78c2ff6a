// The BPF routes on this kernel: every field of every process against /proc, connections with owners and bytes, and the collector.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { openHost } from '@hecate/host';
import { openSampler } from '@hecate/metrics';
import { openSocketRoute } from '../../packages/metrics/dist/linux/bpf/socket-route.js';
import { openTaskIterator } from '../../packages/metrics/dist/linux/bpf/task-iterator.js';
import { createTaskDecoder } from '../../packages/metrics/dist/linux/bpf/task-records.js';
import { createColumns } from '../../packages/metrics/dist/linux/process/columns.js';
import { finish } from '../../packages/metrics/dist/model/collector.js';

const PAGE = 4096;
const HZ = 100;
const KERNEL_THREAD = 0x20_0000;

/** Processes that differ from the usual in one thing each. Gives how to end them. */
async function populate() {
  const directory = mkdtempSync(join(tmpdir(), 'hecate-bpf-'));
  const odd = join(directory, ') R 1 1 1');
  copyFileSync('/bin/sleep', odd);
  const children = [
    ['nice', '-n', '13', 'sleep', '1000'],
    ['setpriv', '--reuid', '23456', '--regid', '33333', '--clear-groups', 'sleep', '1000'],
    ['chrt', '-f', '10', 'sleep', '1000'],
    ['sh', '-c', 'true & exec sleep 1000'],
    [odd, '1000'],
    ['sleep', '999'],
  ].map(([program, ...given]) => spawn(program, given, { stdio: 'ignore' }));
  await Promise.all(children.map((child) => once(child, 'spawn')));
  children.at(-1).kill('SIGSTOP');
  // One thread that lives and one that is dead, both with time spent.
  const burn = 'const end = performance.now() + 300; while (performance.now() < end);';
  const worker = new Worker(`${burn} setInterval(() => {}, 1e6);`, { eval: true });
  await Promise.all([once(worker, 'online'), once(new Worker(burn, { eval: true }), 'exit')]);
  await pause(1000);
  return async () => {
    const ended = [worker.terminate(), ...children.map((child) => once(child, 'exit'))];
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(ended);
    rmSync(directory, { recursive: true });
  };
}

/** A pass without a past, by process id; processes of which threads came or went meanwhile are left out. */
function look(iterator) {
  const records = iterator.pass();
  const { words } = records;
  const threads = new Map();
  for (let word = 0; word < records.length / 4; word += words[word] / 4)
    threads.set(words[word + 1], (threads.get(words[word + 1]) ?? 0) + 1);
  const columns = createColumns();
  const decoder = createTaskDecoder({ pageSize: PAGE, userHz: HZ, absent: iterator.absent, kernelName: (_pid, short) => short });
  finish(decoder.decode(records, columns, 0));
  const rows = new Map();
  const ticks = (seconds) => Math.floor(Math.round(seconds * 1e9) / (1e9 / HZ));
  for (let row = 0; row < columns.length; row++) {
    const at = (name) => columns[name][row];
    if (threads.get(at('pid')) !== at('threads')) continue;
    rows.set(at('pid'), {
      kernel: (at('flags') & KERNEL_THREAD) !== 0,
      name: columns.names[row],
      state: String.fromCharCode(at('state')),
      ppid: at('ppid'),
      nice: at('nice'),
      priority: at('priority'),
      threads: at('threads'),
      start: at('startTicks'),
      uid: at('uid'),
      gid: at('gid'),
      virtual: at('virtual'),
      rss: at('rss') / PAGE,
      minor: at('minorFaults'),
      major: at('majorFaults'),
      user: ticks(at('cpuUser')),
      system: ticks(at('cpuSystem')),
      read: at('readBytes'),
      write: at('writeBytes'),
      cgroup: at('cgroupId'),
    });
  }
  return rows;
}

/** The same from /proc; null when the process cannot be read. */
function ask(pid) {
  try {
    const text = (file) => readFileSync(`/proc/${pid}/${file}`, 'utf8');
    const stat = text('stat');
    const end = stat.lastIndexOf(')');
    const field = stat.slice(end + 2).split(' ');
    const number = (from, key, word = 0) => Number(new RegExp(`^${key}:\\s+(.*)$`, 'm').exec(from)[1].split(/\s+/)[word]);
    const status = text('status');
    const io = text('io');
    const values = {
      ppid: 1,
      minor: 7,
      major: 9,
      user: 11,
      system: 12,
      priority: 15,
      nice: 16,
      threads: 17,
      start: 19,
      virtual: 20,
      rss: 21,
    };
    for (const [name, at] of Object.entries(values)) values[name] = Number(field[at]);
    return {
      ...values,
      name: stat.slice(stat.indexOf('(') + 1, end),
      state: field[0],
      uid: number(status, 'Uid', 1),
      gid: number(status, 'Gid', 1),
      read: number(io, 'read_bytes'),
      write: number(io, 'write_bytes'),
      ...(existsSync('/sys/fs/cgroup/cgroup.procs')
        ? { cgroup: statSync(`/sys/fs/cgroup${/^0::(.*)$/m.exec(text('cgroup'))[1]}`).ino }
        : {}),
    };
  } catch (error) {
    // Gone, or on some machines process 1, which not even root may look at.
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(error.code)) return null;
    throw error;
  }
}

/** The fields in which /proc lies neither at one of two passes nor between them. */
function differing(first, truth, second) {
  return Object.keys(truth).filter((name) => {
    if (name === 'name' && first.kernel) return !truth.name.startsWith(first.name);
    if (typeof truth[name] === 'string') return truth[name] !== first[name] && truth[name] !== second[name];
    const [low, high] = [first[name], second[name]].sort((a, b) => a - b);
    return !(truth[name] >= low && truth[name] <= high);
  });
}

function compareProcesses(iterator) {
  const wrong = [];
  let compared = 0;
  for (const pid of readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)) {
    let found;
    for (let tries = 0; tries < 10 && found?.length !== 0; tries++) {
      const first = look(iterator).get(pid);
      const truth = ask(pid);
      const second = look(iterator).get(pid);
      if (!truth) break;
      if (first && second)
        found = differing(first, truth, second).map(
          (name) => `${name} of ${pid} (${truth.name}): ${truth[name]}, ${first[name]}, ${second[name]}`,
        );
    }
    if (!found) continue;
    compared++;
    wrong.push(...found);
  }
  assert.deepEqual(wrong, []);
  assert.ok(compared > 20, `Only ${compared} processes were compared.`);
  return compared;
}

async function compareSockets() {
  const server = createServer((socket) => socket.resume());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address();
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  await new Promise((resolve) => client.write(Buffer.alloc(1_234_567), resolve));
  await pause(1000);
  const route = finish(openSocketRoute(openHost()));
  try {
    const links = readdirSync('/proc/self/fd').map((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`);
      } catch {
        return ''; // The descriptor of this very list.
      }
    });
    const ours = route.tcp().filter(({ owners }) => owners.some(({ pid }) => pid === process.pid));
    const at = (state, local) => ours.find((row) => row.state === state && (row.localPort === port) === local);
    assert.deepEqual([at('established', true).bytesReceived, at('established', false).remotePort], [1_234_567, port]);
    assert.ok(at('established', false).bytesAcked >= 1_234_567);
    for (const { inode } of ours) assert.ok(links.includes(`socket:[${inode}]`), `${inode} is none of our sockets`);
    assert.equal(at('listen', true).localAddress, '127.0.0.1');
  } finally {
    route.close();
    client.destroy();
    server.close();
  }
}

async function checkCollector() {
  const sampler = openSampler(openHost(), { only: ['processes'] });
  try {
    for (let time = 0; time < 4; time++) {
      const { processes, gaps } = await sampler.take(30);
      assert.ok(processes, JSON.stringify(gaps));
      if (time === 3) assert.equal(processes.route, 'bpf');
      const listed = processes.identities.slice(0, processes.length).map(({ pid }) => pid);
      for (const pid of [1, 2, process.pid]) assert.ok(listed.includes(pid), `${pid} is missing`);
    }
  } finally {
    sampler.close();
  }
}

/** Compares what the kernel's iterators give with /proc. */
export async function check() {
  const depopulate = await populate();
  const iterator = finish(openTaskIterator(openHost()));
  try {
    const compared = compareProcesses(iterator);
    await compareSockets();
    await checkCollector();
    console.log(`   ${compared} processes are the same in every field`);
  } finally {
    iterator.close();
    await depopulate();
  }
}
