import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../domain/connections.ts';
import { tcpBytesByProcess } from '../../domain/tcp-bytes.ts';
import { finish } from '../../model/collector.ts';
import type { Sliced } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import { connections } from '../connections.ts';
import { findOwners } from '../connection/owners.ts';
import { createTree } from '../rooted-tree.testing.ts';
import { openOwnerFinder } from './socket-owners.ts';
import { decodeOwners, decodeTcp } from './socket-records.ts';
import { openSocketRoute } from './socket-route.ts';

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'loading BPF programs needs root';
  return existsSync('/sys/kernel/btf/vmlinux') ? null : 'this kernel has no BTF';
}

const missing = whyNot();
if (missing) console.warn(`SKIPPED: the BPF iterators over sockets: ${missing}`);

const SENT = 1_234_567;
const servers: Server[] = [];
const clients: Socket[] = [];

/** A listener, a connection to it and what is sent over it. */
async function talk(address: string): Promise<void> {
  let arrived = 0;
  const server = createServer({ allowHalfOpen: true });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const all = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      clients.push(socket);
      socket.on('data', (part) => {
        arrived += part.length;
        if (arrived === SENT) resolve();
      });
    });
  });
  const client = connect((server.address() as AddressInfo).port, address);
  clients.push(client);
  client.write(Buffer.alloc(SENT));
  await all;
}

beforeAll(async () => {
  await talk('127.0.0.1');
  if (existsSync('/proc/net/if_inet6') && readFileSync('/proc/net/if_inet6', 'utf8').includes(' lo')) await talk('::1');
});
afterAll(async () => {
  for (const socket of clients) socket.destroy();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

const ours = <Row extends Connection>(rows: readonly Row[]): Row[] =>
  rows.filter(({ owners }) => owners.some(({ pid }) => pid === process.pid)).toSorted((a, b) => a.inode - b.inode);

test.skipIf(missing)('TCP sockets with owners and bytes are as the collector of connections reads them', () => {
  const reader = connections.open(openHost());
  const route = finish(openSocketRoute(openHost()));
  try {
    const reading = finish(reader.read(collectGaps([])) as Sliced<{ connections: readonly Connection[] }>);
    const truth = ours(reading.connections.filter(({ protocol }) => protocol === 'tcp'));
    const found = ours(
      route.tcp().map(({ interfaceIndex, ...socket }) => ({ ...socket, device: interfaceIndex === 0 ? null : String(interfaceIndex) })),
    );
    expect(found.length).toBeGreaterThanOrEqual(3 * servers.length);
    // The estimate of the round trip goes on by itself.
    const still = (rows: readonly Connection[]): object[] => rows.map((row) => ({ ...row, roundTripTime: row.roundTripTime !== null }));
    expect(still(found)).toEqual(still(truth));
    const bytes = tcpBytesByProcess(found).get(process.pid)!;
    expect(bytes.received).toBeGreaterThanOrEqual(SENT * servers.length);
    expect(bytes.acked).toBeGreaterThanOrEqual(SENT * servers.length);
  } finally {
    reader.close();
    route.close();
  }
});

test.skipIf(missing)('the finder takes the iterator at the third time, and has the owners of /proc at each', () => {
  const finder = openOwnerFinder(openHost());
  try {
    const wanted = new Set(
      finish(openOnce())
        .map(({ inode }) => inode)
        .filter((inode) => inode !== 0),
    );
    const truth = finish(findOwners(openHost(), wanted, collectGaps([])));
    for (let time = 0; time < 5; time++) {
      const found = finish(finder.find(wanted, collectGaps([])));
      expect(finder.detour === null).toBe(time >= 2);
      for (const inode of wanted) if (truth.has(inode)) expect(found.get(inode), `${inode} at ${time}`).toEqual(truth.get(inode));
    }
  } finally {
    finder.close();
  }
});

function* openOnce(): Sliced<readonly { inode: number }[]> {
  const route = yield* openSocketRoute(openHost());
  try {
    return ours(route.tcp().map((socket) => ({ ...socket, device: null })));
  } finally {
    route.close();
  }
}

test('where the iterator does not load, /proc is read and the reason kept; on a recorded machine it is not tried', () => {
  const tree = createTree({ 'proc/5/comm': 'x\n', 'proc/5/fd/3': '' });
  try {
    let tried = 0;
    const refuse = function* (): Sliced<never> {
      tried++;
      yield;
      throw new HecateError('DENIED', 'Not allowed.');
    };
    const finder = openOwnerFinder({ ...tree.host, kind: 'real' }, refuse);
    for (let time = 0; time < 4; time++) expect(finish(finder.find(new Set([1]), collectGaps([]))).size).toBe(0);
    expect([finder.detour, tried]).toEqual(['Not allowed.', 1]);
    const recorded = openOwnerFinder(tree.host, refuse);
    for (let time = 0; time < 4; time++) finish(recorded.find(new Set([1]), collectGaps([])));
    expect(tried).toBe(1);
  } finally {
    tree.remove();
  }
});

test('what the iterator does not show is looked for in /proc, once', () => {
  const tree = createTree({});
  try {
    let lists = 0;
    const host = { ...tree.host, kind: 'real', list: () => (lists++, []) } as const;
    const known = [{ pid: 7, name: 'seven' }];
    const open = function* (): Sliced<{ owners: () => Map<number, typeof known>; tcp: () => []; close: () => void }> {
      yield;
      return { owners: () => new Map([[1, known]]), tcp: () => [], close: () => {} };
    };
    const finder = openOwnerFinder(host, open);
    for (let time = 0; time < 2; time++) finish(finder.find(new Set([1, 2]), collectGaps([])));
    expect(lists).toBe(2);
    for (let time = 0; time < 3; time++) expect([...finish(finder.find(new Set([1, 2]), collectGaps([])))]).toEqual([[1, known]]);
    expect(lists).toBe(3);
    finish(finder.find(new Set([1, 3]), collectGaps([])));
    expect(lists).toBe(4);
  } finally {
    tree.remove();
  }
});

test('any records give sockets and owners, or a HecateError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (any, isWhole) => {
      const length = isWhole ? any.length - (any.length % 128) : any.length;
      const bytes = Buffer.alloc(Math.ceil(length / 4) * 4 + 8);
      bytes.set(any.subarray(0, length));
      const records = { bytes, words: new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2), length };
      try {
        for (const socket of decodeTcp(records)) {
          expect(socket.localPort).toBeLessThan(65_536);
          for (const value of Object.values(socket)) expect(value).not.toBeNaN();
        }
        for (const [inode, owners] of decodeOwners(records, null))
          expect([Number.isFinite(inode), owners.length > 0]).toEqual([true, true]);
      } catch (error) {
        if (!(error instanceof HecateError)) throw error;
      }
    }),
  );
});
