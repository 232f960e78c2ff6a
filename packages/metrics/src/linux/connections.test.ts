import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { expect, test } from 'vitest';
import { connectionsGroups } from '../domain/connections.ts';
import type { Connection, ConnectionsReading } from '../domain/connections.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { connections } from './connections.ts';
import { askPython, psutilMissing } from './debian-python.testing.ts';
import { inPrivateNetwork, ip, privateNetworkMissing, runHere } from './private-network.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as fixture } from './trees/connections.testing.ts';

const read = (host: Host = openHost(), gaps: Gap[] = []): ConnectionsReading =>
  finish(connections.open(host).read(collectGaps(gaps)) as Sliced<ConnectionsReading>);

/** The real machine, but as one whose kernel cannot be asked, so that only files are left. */
const filesOnly = (): Host => ({
  ...openHost(),
  kind: 'rooted',
  resolve() {
    throw Object.assign(new Error('ENOENT: made for a test'), { code: 'ENOENT' });
  },
});

const portOf = (server: Server | UdpSocket): number => (server.address() as AddressInfo).port;

/** Whether something is under way that the other end has not acknowledged. */
const isUnsettled = (): boolean =>
  runHere('ss', ['-tanH'])
    .split('\n')
    .map((line) => line.split(/\s+/))
    .some(([state, , queue]) => state === 'FIN-WAIT-1' || (state === 'ESTAB' && queue !== '0'));

/** Opens sockets in every state that can be had, and closes them after `task`. */
async function withSockets<Result>(task: () => Promise<Result> | Result): Promise<Result> {
  const accepted: Socket[] = [];
  const listen = async (host: string): Promise<Server> => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => accepted.push(socket)).listen(0, host);
    await once(server, 'listening');
    return server;
  };
  const open = async (port: number, host: string): Promise<Socket> => {
    const socket = connect({ port, host, allowHalfOpen: true });
    await once(socket, 'connect');
    return socket;
  };
  const four = await listen('127.0.0.1');
  const six = await listen('::1');
  const both = await listen('::');
  const clients = [await open(portOf(four), '127.0.0.1'), await open(portOf(six), '::1'), await open(portOf(both), '127.0.0.1')];
  // Ten bytes that nobody reads, and one end that has closed: CLOSE_WAIT there, FIN_WAIT2 here.
  clients[0]!.write('0123456789');
  const closing = await open(portOf(four), '127.0.0.1');
  closing.end();
  // Both ends close, this one first: TIME_WAIT.
  const gone = await open(portOf(six), '::1');
  while (accepted.length < 5) await new Promise((resolve) => setImmediate(resolve));
  const last = accepted.find((socket) => socket.remotePort === gone.localPort)!;
  const ended = Promise.all([once(last.resume(), 'close'), once(gone.resume(), 'close')]);
  last.on('end', () => last.end());
  gone.end();
  await ended;
  const free = createSocket('udp4').bind(0, '127.0.0.1');
  await once(free, 'listening');
  const bound = createSocket('udp6').bind(0, '::1');
  await once(bound, 'listening');
  bound.connect(4242, '::1');
  await once(bound, 'connect');
  // Acknowledgements may be some milliseconds late.
  while (isUnsettled()) await new Promise((resolve) => setTimeout(resolve, 2));
  try {
    return await task();
  } finally {
    for (const socket of [...clients, closing, ...accepted]) socket.destroy();
    for (const server of [four, six, both]) server.close();
    free.close();
    bound.close();
  }
}

/** What must be the same, from whomever it comes. */
const keyOf = (row: Pick<Connection, 'protocol' | 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort' | 'state'>): string =>
  [row.protocol, row.localAddress, row.localPort, row.remoteAddress ?? '-', row.remotePort ?? 0, row.state].join(' ');

/** `127.0.0.1:80`, `[::1%lo]:80`, `*:80` (both families) as ss prints them. */
function splitEndpoint(text: string): { address: string; port: number } {
  const colon = text.lastIndexOf(':');
  const address = text.slice(0, colon).replaceAll(/[[\]]/g, '').replace(/%.*/, '');
  return { address: address === '*' ? '::' : address, port: text.endsWith('*') ? 0 : Number(text.slice(colon + 1)) };
}

const SS_STATES: Readonly<Record<string, string>> = {
  ESTAB: 'established',
  LISTEN: 'listen',
  'TIME-WAIT': 'time_wait',
  'CLOSE-WAIT': 'close_wait',
  'FIN-WAIT-2': 'fin_wait2',
  UNCONN: 'close',
};

interface SsRow {
  readonly key: string;
  readonly receiveQueue: number;
  readonly inode: number;
  readonly pids: readonly number[];
  readonly rest: string;
}

/** `ss -tuanpieOH`: netid, state, queues, local, remote, and the rest in words. */
function askSs(): SsRow[] {
  return runHere('ss', ['-tuanpieOH'])
    .trim()
    .split('\n')
    .map((line) => {
      const [netid = '', state = '', receive, , local = '', remote = ''] = line.split(/\s+/);
      const from = splitEndpoint(local);
      const to = splitEndpoint(remote);
      const hasEnd = to.port !== 0;
      const key = keyOf({
        protocol: netid as 'tcp',
        localAddress: from.address,
        localPort: from.port,
        remoteAddress: hasEnd ? to.address : null,
        remotePort: hasEnd ? to.port : null,
        state: (SS_STATES[state] ?? state) as 'listen',
      });
      const pids = [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));
      return { key, receiveQueue: Number(receive), inode: Number(/ino:(\d+)/.exec(line)?.[1] ?? 0), pids, rest: line };
    });
}

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: connections in a network of their own: ${missing}`);

test.skipIf(missing)('every state and family, from the kernel and from files: as ss says', async () => {
  const gaps: Gap[] = [];
  const { ours, fromFiles, theirs } = await inPrivateNetwork(() =>
    withSockets(() => ({ ours: read(openHost(), gaps), fromFiles: read(filesOnly()), theirs: askSs() })),
  );
  const states = (protocol: 'tcp' | 'udp'): string[] => [
    ...new Set(ours.connections.filter((row) => row.protocol === protocol).map((row) => row.state)),
  ];
  expect(states('tcp').sort()).toEqual(['close_wait', 'established', 'fin_wait2', 'listen', 'time_wait']);
  expect(states('udp').sort()).toEqual(['close', 'established']);
  expect(ours.connections.map(keyOf).sort()).toEqual(theirs.map(({ key }) => key).sort());
  expect(fromFiles.connections.map(keyOf).sort()).toEqual(ours.connections.map(keyOf).sort());
  expect(ours.connections.some((row) => row.family === 'ipv6' && row.remoteAddress === '::ffff:127.0.0.1')).toBe(true);
  for (const row of ours.connections) {
    const judge = theirs.find(({ key }) => key === keyOf(row))!;
    expect(row, judge.rest).toMatchObject({ inode: judge.inode, receiveQueue: judge.receiveQueue });
    expect(row.owners.map(({ pid }) => pid).sort(), judge.rest).toEqual([...new Set(judge.pids)].sort());
    const acked = /bytes_acked:(\d+)/.exec(judge.rest)?.[1];
    if (acked && row.state === 'established') expect(row.bytesAcked, judge.rest).toBe(Number(acked));
    const trip = /\brtt:([\d.]+)/.exec(judge.rest)?.[1];
    if (trip && row.state === 'established' && row.protocol === 'tcp')
      expect(row.roundTripTime! * 1000, judge.rest).toBeCloseTo(Number(trip), 2);
    const file = fromFiles.connections.find((candidate) => keyOf(candidate) === keyOf(row))!;
    expect(file).toMatchObject({ inode: row.inode, receiveQueue: row.receiveQueue, uid: row.uid, owners: row.owners, family: row.family });
  }
  const written = ours.connections.find((row) => row.receiveQueue === 10)!;
  expect(written).toMatchObject({ protocol: 'tcp', state: 'established', bytesReceived: 10 });
  expect(written.owners).toMatchObject([{ pid: process.pid }]);
  const timeWait = ours.connections.find((row) => row.state === 'time_wait')!;
  expect(timeWait).toMatchObject({ inode: 0, owners: [], bytesAcked: null });
});

test.skipIf(missing)('several owners of one socket, the interface that it is bound to, and series of counts', async () => {
  const { ours, child } = await inPrivateNetwork(async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A descriptor that a child inherits.
    const { fd } = Reflect.get(server, '_handle') as { fd: number };
    const other = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    ip('link', 'add', 'bound0', 'type', 'bridge');
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const holder = spawn('/usr/bin/python3', [
      '-c',
      'import socket,sys\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\ns.setsockopt(socket.SOL_SOCKET,25,b"bound0")\ns.bind(("0.0.0.0",5353))\nprint("ready",flush=True)\nsys.stdin.read()',
    ]);
    await once(holder.stdout, 'data');
    const reading = read();
    for (const running of [other, holder]) {
      running.kill();
      await once(running, 'exit');
    }
    server.close();
    udp.close();
    return { ours: reading, child: other.pid! };
  });
  const listener = ours.connections.find((row) => row.state === 'listen')!;
  expect(listener.owners).toContainEqual({ pid: child, name: 'sleep' });
  expect(listener.owners.map(({ pid }) => pid).sort()).toEqual([process.pid, child].sort());
  expect(ours.connections.find((row) => row.localPort === 5353)).toMatchObject({ device: 'bound0', protocol: 'udp' });
  expect(ours.connections.find((row) => row.localPort !== 5353 && row.protocol === 'udp')).toMatchObject({ device: null });
  expect(ours.counts).toContainEqual({ protocol: 'tcp', family: 'ipv4', state: 'listen', count: 1 });
  const rows = [...connectionsGroups()[2]!.rows(ours)];
  expect(rows).toContainEqual({ state: 'listen', count: 1 });
  expect(rows).toContainEqual({ state: 'rx_queued_bytes', count: 0 });
});

test.runIf(process.platform === 'linux')('this machine, whoever we are: a socket of our own is ours', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  for (const host of [openHost(), filesOnly()]) {
    const row = read(host).connections.find(({ localPort, state }) => localPort === port && state === 'listen');
    expect(row).toMatchObject({ protocol: 'tcp', family: 'ipv4', localAddress: '127.0.0.1', uid: process.getuid!() });
    expect(row!.owners.map(({ pid }) => pid)).toEqual([process.pid]);
  }
  server.close();
});

const noPsutil = psutilMissing() ?? missing;
if (noPsutil) console.warn(`SKIPPED: connections against psutil: ${noPsutil}`);
test.skipIf(noPsutil)('psutil sees the same sockets with the same owners', async () => {
  const { ours, theirs } = await inPrivateNetwork(() =>
    withSockets(() => ({
      theirs: askPython(
        'import json, psutil; print(json.dumps([[c.type.name, c.laddr, c.raddr, c.status, c.pid] for c in psutil.net_connections("inet")]))',
      ) as [string, [string, number], [] | [string, number], string, number | null][],
      ours: read(),
    })),
  );
  const names: Readonly<Record<string, string>> = { FIN_WAIT2: 'fin_wait2', ESTABLISHED: 'established', NONE: '' };
  const judged = theirs.map(([type, [address, port], [remote, remotePort], status, pid]) =>
    [type === 'SOCK_DGRAM' ? 'udp' : 'tcp', address, port, remote ?? '-', remotePort ?? 0, names[status] ?? status.toLowerCase(), pid].join(
      ' ',
    ),
  );
  const mine = ours.connections.map((row) =>
    [keyOf({ ...row, state: row.protocol === 'udp' ? ('' as 'close') : row.state }), row.owners[0]?.pid].join(' '),
  );
  expect(mine.sort()).toEqual(judged.sort());
});

test('a recorded machine: sockets, owners and counts from its files', () => {
  const tree = createTree(fixture);
  const gaps: Gap[] = [];
  const reading = read(tree.host, gaps);
  tree.remove();
  expect(gaps).toEqual([]);
  expect(reading.unixSockets).toBe(45);
  expect(reading.connections).toHaveLength(4);
  expect(reading.connections[0]).toMatchObject({
    localAddress: '127.0.0.1',
    localPort: 8080,
    remoteAddress: null,
    state: 'listen',
    uid: 1000,
    inode: 5001,
    owners: [
      { pid: 4242, name: 'web server (1)' },
      { pid: 4243, name: '?' },
    ],
    roundTripTime: null,
  });
  expect(reading.connections[1]).toMatchObject({
    remoteAddress: '192.0.2.7',
    remotePort: 443,
    receiveQueue: 0x20,
    transmitQueue: 0x10,
    owners: [],
  });
  expect(reading.connections[2]).toMatchObject({
    family: 'ipv6',
    localAddress: '2001:db8::1',
    remoteAddress: '::ffff:192.0.2.7',
    state: 'time_wait',
  });
  expect(reading.counts).toHaveLength(4);
});
