import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { HecateError, openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SocketsReading } from '../domain/sockets.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { inPrivateNetwork, privateNetworkMissing, runHere } from './private-network.testing.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { parseSockstat, parseUdpQueues, sockets } from './sockets.ts';

const read = (host: Host, gaps: Gap[] = []): SocketsReading => {
  const reader = sockets.open(host);
  const reading = finish(reader.read(collectGaps(gaps)) as Sliced<SocketsReading>);
  reader.close();
  return reading;
};

test('every figure, pages as bytes too, with names that are used again', () => {
  const text = 'sockets: used 229\nTCP: inuse 4 orphan 0 tw 4 alloc 17 mem 3\nFRAG: inuse 0 memory 9\n';
  const first = parseSockstat(new ByteCursor().reset(bytesOf(text)), 65_536);
  expect(first.map(({ protocol, name, value }) => `${protocol} ${name} ${value}`)).toEqual([
    'sockets used 229',
    'TCP inuse 4',
    'TCP orphan 0',
    'TCP tw 4',
    'TCP alloc 17',
    'TCP mem 3',
    'TCP mem_bytes 196608',
    'FRAG inuse 0',
    'FRAG memory 9',
  ]);
  expect(parseSockstat(new ByteCursor().reset(bytesOf(text)), 65_536, first)).toEqual(first);
  const other = 'socketsX: used 1\nTC: inuse 4\n';
  expect(parseSockstat(new ByteCursor().reset(bytesOf(other)), 4096, first).map(({ protocol }) => protocol)).toEqual(['socketsX', 'TC']);
});

test('queues of UDP are added up, transmit before receive', () => {
  const line = (queues: string): string => `   0: 00000000:0016 00000000:0000 07 ${queues} 00:00000000 00000000 0 0 2740 1\n`;
  const text = `heading\n${line('00000015:00000001')}${line('00000001:000000FF')}`;
  expect(parseUdpQueues(new ByteCursor().reset(bytesOf(text)), 'v4')).toEqual({ version: 'v4', receive: 256, transmit: 22 });
});

test('any bytes give finite numbers or an error of ours', () => {
  const words = fc
    .array(fc.constantFrom('TCP', ':', ' mem ', '1', '\n', '-', 'a:b'), { maxLength: 50 })
    .map((parts) => Buffer.from(parts.join('')));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), words), (content) => {
      for (const task of [
        () => parseSockstat(new ByteCursor().reset(bytesOf(content)), 4096).map((row) => row.value),
        () => [parseUdpQueues(new ByteCursor().reset(bytesOf(content)), 'v6').receive],
      ]) {
        try {
          expect(task().every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      }
    }),
  );
});

test('without IPv6 there is no fault; too many sockets of UDP are not looked through', () => {
  const tree = createTree({ 'proc/net/sockstat': 'UDP: inuse 1000 mem 2\n', 'proc/net/udp': 'heading\n' });
  const gaps: Gap[] = [];
  expect(read(tree.host, gaps)).toMatchObject({
    udp: 1000,
    udp6: null,
    udpMemory: 8192,
    tcp: null,
    udpQueues: [{ version: 'v4', receive: 0 }],
  });
  expect(gaps).toEqual([]);
  tree.write('proc/net/sockstat', 'UDP: inuse 1001 mem 2\n');
  expect(read(tree.host, gaps).udpQueues).toEqual([]);
  expect(gaps).toMatchObject([{ field: 'sockets.udpQueues', reason: 'timeout' }]);
  tree.remove();
});

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: sockets in a network of their own: ${missing}`);
test.skipIf(missing)('a network of its own: counts as ss has them, and what waits for somebody to read it', async () => {
  const { ours, theirs } = await inPrivateNetwork(async () => {
    const receiver = createSocket('udp4').bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    const quiet = createSocket('udp6').bind(0, '::1');
    await once(quiet, 'listening');
    const sender = createSocket('udp4');
    await new Promise((resolve) => sender.send('x'.repeat(1000), receiver.address().port, '127.0.0.1', resolve));
    // No turn of the loop in between, so nobody has read it yet.
    const result = { ours: read(openHost()), theirs: runHere('ss', ['-s']) };
    for (const socket of [receiver, quiet, sender]) socket.close();
    return result;
  });
  const [, , four, six] = /^UDP\s+(\d+)\s+(\d+)\s+(\d+)/m.exec(theirs)!.map(Number);
  expect([ours.udp, ours.udp6]).toEqual([four, six]);
  expect(ours.udp6).toBe(1);
  expect(ours.tcp).toBe(0);
  const waiting = ours.udpQueues.find(({ version }) => version === 'v4')!;
  expect(waiting.receive).toBeGreaterThanOrEqual(1000);
  expect(ours.udpQueues.find(({ version }) => version === 'v6')).toMatchObject({ receive: 0, transmit: 0 });
});
