import { createSocket } from 'node:dgram';
import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { qdiscGroups } from '../domain/qdisc.ts';
import type { QdiscReading } from '../domain/qdisc.ts';
import { collectGaps } from '../model/gap.ts';
import { encodeAttributes } from './netlink/message.ts';
import { inPrivateNetwork, ip, ipBatch, privateNetworkMissing, runHere } from './private-network.testing.ts';
import { decodeQdisc, qdisc } from './qdisc.ts';
import { createTree } from './rooted-tree.testing.ts';

const names = new Map([[7, 'eth0']]);
const decode = (payload: Buffer): QdiscReading | null => decodeQdisc({ type: 36, flags: 0, sequence: 0, payload }, names);

/** Little-endian words. */
function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
}

test('a message as linux/pkt_sched.h and linux/gen_stats.h describe it; of many packets the wide counter is taken', () => {
  const statistics = [
    [1, words(5, 1, 99)],
    [3, words(4, 3000, 2, 1, 6)],
  ] as const;
  const header = words(0, 7, 0x80010000, 0xffffffff, 0);
  const kind = [1, Buffer.from('fq_codel\0')] as const;
  expect(decode(Buffer.concat([header, encodeAttributes([kind, [7, statistics]])]))).toEqual({
    device: 'eth0',
    kind: 'fq_codel',
    handle: '8001:',
    parent: 'root',
    bytes: 2 ** 32 + 5,
    packets: 99,
    drops: 2,
    requeues: 1,
    overlimits: 6,
    queueLength: 4,
    backlog: 3000,
  });
  const wide = Buffer.concat([words(0, 7, 0, 0x8001000a, 0), encodeAttributes([kind, [7, [...statistics, [8, words(0, 2)]]]])]);
  expect(decode(wide)).toMatchObject({ packets: 2 ** 33, parent: '8001:a', handle: '0:' });
  expect(decode(Buffer.concat([words(0, 8, 0, 0, 0), encodeAttributes([kind])]))).toBeNull();
  expect(decode(header)).toBeNull();
});

test('any bytes give finite numbers, or nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const row = decode(Buffer.concat([words(0, 7, 0, 0, 0), Buffer.from(bytes)]));
      for (const value of Object.values(row ?? {})) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
    }),
  );
});

test('a machine that is only files has none, and says why', () => {
  const tree = createTree({});
  expect(() => qdisc.open(tree.host).read(collectGaps([]))).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  tree.remove();
});

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: queueing disciplines in a network of their own: ${missing}`);
test.skipIf(missing)('a network of its own: what waits, what is sent and what is dropped, as tc says', async () => {
  const { ours, theirs } = await inPrivateNetwork(async () => {
    ipBatch(['link add one type veth peer name two', 'link set one up', 'link set two up', 'address add 192.0.2.1/24 dev one']);
    runHere('tc', ['qdisc', 'add', 'dev', 'one', 'root', 'handle', '42:', 'tbf', 'rate', '8kbit', 'burst', '2000', 'limit', '6000']);
    ip('neigh', 'add', '192.0.2.9', 'lladdr', '02:00:00:00:00:09', 'dev', 'one');
    const socket = createSocket('udp4');
    for (let count = 0; count < 20; count++) await new Promise((resolve) => socket.send('x'.repeat(1000), 9, '192.0.2.9', resolve));
    socket.close();
    const reader = qdisc.open(openHost());
    // What waits goes on its way meanwhile, a packet a second: ask until both saw the same.
    for (;;) {
      const said = JSON.parse(runHere('tc', ['-s', '-j', 'qdisc', 'show'])) as Record<string, string | number | boolean>[];
      const reading = reader.read(collectGaps([])) as readonly QdiscReading[];
      const again = JSON.parse(runHere('tc', ['-s', '-j', 'qdisc', 'show'])) as typeof said;
      if (JSON.stringify(said) !== JSON.stringify(again)) continue;
      reader.close();
      return { ours: reading, theirs: said };
    }
  });
  expect(
    ours.map(({ device, kind, bytes, packets, drops, requeues, overlimits, queueLength, backlog }) => ({
      dev: device,
      kind,
      bytes,
      packets,
      drops,
      requeues,
      overlimits,
      qlen: queueLength,
      backlog,
    })),
  ).toEqual(
    theirs.map(({ dev, kind, bytes, packets, drops, requeues, overlimits, qlen, backlog }) => ({
      dev,
      kind,
      bytes,
      packets,
      drops,
      requeues,
      overlimits,
      qlen,
      backlog,
    })),
  );
  const limited = ours.find(({ kind }) => kind === 'tbf')!;
  expect(limited).toMatchObject({ device: 'one', handle: '42:', parent: 'root' });
  expect(limited.drops).toBeGreaterThan(5);
  expect(limited.backlog).toBeGreaterThan(0);
  expect([...qdiscGroups()[0]!.rows(ours)]).toContain(limited);
});
