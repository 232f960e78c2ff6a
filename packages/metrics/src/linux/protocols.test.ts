import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createSocket } from 'node:dgram';
import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPublished } from '../domain/protocols.ts';
import type { ProtocolsReading } from '../domain/protocols.ts';
import { protocolsRates, RETRANSMIT_MINIMUM } from '../domain/protocols-rates.ts';
import { ByteCursor } from '../model/cursor.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { inPrivateNetwork, privateNetworkMissing, runHere } from './private-network.testing.ts';
import { createProtocolsReading, parseCounterPairs, parseSnmp6, protocols } from './protocols.ts';
import type { CounterTable, Heading } from './protocols.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';

const parse = (text: string | Uint8Array, headings: Heading[] = []): CounterTable => {
  const table: CounterTable = new Map();
  parseCounterPairs(new ByteCursor().reset(bytesOf(text)), table, headings);
  return table;
};
const read = (reader: ReturnType<typeof protocols.open>, gaps: Gap[] = []): ProtocolsReading =>
  reader.read(collectGaps(gaps)) as ProtocolsReading;

test('names and values in pairs of lines, negative ones too; names are known again, and new ones are seen', () => {
  const headings: Heading[] = [];
  expect([...parse('Tcp: MaxConn InSegs\nTcp: -1 7\nTcpExt: A\nTcpExt: 2\n', headings)]).toEqual([
    ['Tcp_MaxConn', -1],
    ['Tcp_InSegs', 7],
    ['TcpExt_A', 2],
  ]);
  const [first] = headings;
  expect(parse('Tcp: MaxConn InSegs\nTcp: -1 8\n', headings).get('Tcp_InSegs')).toBe(8);
  expect(headings[0]).toBe(first);
  expect([...parse('Tcp: MaxConn InSegsX New\nTcp: 1 2 3\n', headings).keys()]).toEqual(['Tcp_MaxConn', 'Tcp_InSegsX', 'Tcp_New']);
});

test.each(['Tcp: A B\nTcp: 1\n', 'Tcp: A\nTcp: 1 2\n', 'Tcp: A\nTcp: x\n', 'Tcp: A\n', 'Tcp A\nTcp 1\n', 'Tcp: A'])(
  '"%s" is an error',
  (text) => {
    expect(() => parse(text)).toThrow(HecateError);
  },
);

test('the protocol of a counter of IPv6 ends with its 6', () => {
  const table: CounterTable = new Map();
  const lines: [string, string | undefined][] = [];
  const text = 'Ip6InReceives                   \t7\nUdpLite6InErrors \t2\nOther 3\nIcmp6OutType133 4\n';
  for (let time = 0; time < 2; time++) parseSnmp6(new ByteCursor().reset(bytesOf(text)), table, lines);
  expect([...table]).toEqual([
    ['Ip6_InReceives', 7],
    ['UdpLite6_InErrors', 2],
    ['Icmp6_OutType133', 4],
  ]);
});

test('any bytes give finite numbers or an error of ours', () => {
  const words = fc
    .array(fc.constantFrom('Tcp:', 'A', '1', ' ', '\n', '-', '6'), { maxLength: 60 })
    .map((parts) => Buffer.from(parts.join('')));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), words), (content) => {
      const table: CounterTable = new Map();
      const headings: Heading[] = [];
      for (const task of [
        () => parseCounterPairs(new ByteCursor().reset(bytesOf(content)), table, headings),
        () => parseSnmp6(new ByteCursor().reset(bytesOf(content)), table, []),
      ]) {
        try {
          task();
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      }
      expect([...table.values()].every(Number.isFinite)).toBe(true);
    }),
  );
});

test('what is published by default', () => {
  expect(
    ['Tcp_InErrs', 'UdpLite6_InErrors', 'TcpExt_ListenDrops', 'IpExt_InOctets', 'Icmp6_InMsgs', 'Udp_NoPorts'].every(isPublished),
  ).toBe(true);
  expect(['Tcp_AttemptFails', 'TcpExt_TCPLostRetransmit', 'Ip_InReceives', 'Tcp_InSegsX', 'XTcp_InSegs'].some(isPublished)).toBe(false);
});

test('without IPv6 its parts are null and have a reason; the rest is there', () => {
  const tree = createTree({
    'proc/net/snmp': 'Udp: InDatagrams NoPorts\nUdp: 5 6\n',
    'proc/net/netstat': 'TcpExt: ListenDrops\nTcpExt: 3\n',
  });
  const gaps: Gap[] = [];
  const reader = protocols.open(tree.host);
  const reading = read(reader, gaps);
  reader.close();
  tree.remove();
  expect(reading).toMatchObject({
    udp: { datagramsIn: 5, noPorts: 6, datagramsOut: null },
    tcp: { listenDrops: 3, segmentsIn: null },
    udp6: null,
  });
  expect(reading.published).toEqual([
    { protocol: 'Udp', name: 'InDatagrams', value: 5 },
    { protocol: 'Udp', name: 'NoPorts', value: 6 },
    { protocol: 'TcpExt', name: 'ListenDrops', value: 3 },
  ]);
  expect(gaps).toMatchObject([{ field: 'protocols.ip6', reason: 'absent' }]);
});

const tcp = (segmentsOut: number, segmentsRetransmitted: number): ProtocolsReading =>
  createProtocolsReading(
    new Map([
      ['Tcp_OutSegs', segmentsOut],
      ['Tcp_RetransSegs', segmentsRetransmitted],
    ]),
    [],
  );

test('the share that was sent again: of enough segments, and not over a restart', () => {
  const ratio = (before: ProtocolsReading, after: ProtocolsReading): number | null | undefined =>
    protocolsRates(before, after, 10).tcp?.retransmitRatio;
  expect(ratio(tcp(1000, 50), tcp(1190, 60))).toBe(0.05);
  expect(ratio(tcp(1000, 50), tcp(1200, 50))).toBe(0);
  expect(ratio(tcp(0, 0), tcp(0, 200))).toBe(1);
  expect(ratio(tcp(1000, 50), tcp(1000 + RETRANSMIT_MINIMUM - 2, 51))).toBeNull();
  expect(ratio(tcp(1000, 50), tcp(10, 0))).toBeNull();
  expect(protocolsRates(tcp(1000, 50), tcp(1190, 60), 10)).toMatchObject({
    tcp: { segmentsOutPerSecond: 19, retransmitsPerSecond: 1, segmentsInPerSecond: null },
    udp: null,
  });
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), ([a, b, c, d]) => {
      const value = ratio(tcp(a!, b!), tcp(c!, d!));
      expect(value === null || (value !== undefined && value >= 0 && value <= 1)).toBe(true);
    }),
  );
});

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: protocol counters in a network of their own: ${missing}`);

test.skipIf(missing)('a network of its own: what is sent is counted, as nstat counts it', async () => {
  const { before, after, theirs } = await inPrivateNetwork(async () => {
    const reader = protocols.open(openHost());
    const first = read(reader);
    const server = createServer((socket) => socket.end('x'.repeat(100_000))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
    await once(client, 'close');
    server.close();
    const refused = connect(9, '127.0.0.1');
    await once(refused, 'error');
    const udp = createSocket('udp6');
    await new Promise((resolve) => udp.send('nobody listens', 9, '::1', resolve));
    await new Promise((resolve) => udp.close(() => resolve(undefined)));
    const second = read(reader);
    reader.close();
    return { before: first, after: second, theirs: JSON.parse(runHere('nstat', ['-asz', '--json'])) as { kernel: Record<string, number> } };
  });
  expect(before.tcp).toMatchObject({ activeOpens: 0, passiveOpens: 0, segmentsOut: 0 });
  expect(after.tcp).toMatchObject({ activeOpens: 2, passiveOpens: 1, failedOpens: 1, established: 0, segmentsRetransmitted: 0 });
  expect(after.udp6).toMatchObject({ datagramsOut: 1, noPorts: 1 });
  expect(after.ip!.bytesIn).toBeGreaterThan(100_000);
  for (const { protocol, name, value } of after.published) {
    // nstat glues protocol and name, and leaves out the state that is no counter.
    const said = theirs.kernel[`${protocol}${name}`];
    if (said !== undefined) expect(value, `${protocol}${name}`).toBe(said);
  }
  expect(Object.keys(theirs.kernel).length).toBeGreaterThan(100);
});

const noSs = spawnSync('nstat', ['-V']).status === 0 ? null : 'nstat is not installed (apt-get install iproute2)';
if (noSs) console.warn(`SKIPPED: protocol counters against nstat: ${noSs}`);
test.skipIf(noSs)('this machine: nstat reads the same between two readings of ours', () => {
  const reader = protocols.open(openHost());
  const before = read(reader);
  const theirs = (JSON.parse(spawnSync('nstat', ['-asz', '--json'], { encoding: 'utf8' }).stdout) as { kernel: Record<string, number> })
    .kernel;
  const after = read(reader);
  reader.close();
  let compared = 0;
  for (const [index, { protocol, name, value }] of before.published.entries()) {
    const said = theirs[`${protocol}${name}`];
    // A state is no counter, and nstat prints the lower 32 bits only.
    if (said === undefined || name === 'CurrEstab' || after.published[index]!.value >= 2 ** 32) continue;
    compared++;
    expect(said, name).toBeGreaterThanOrEqual(value);
    expect(said, name).toBeLessThanOrEqual(after.published[index]!.value);
  }
  expect(compared).toBeGreaterThan(30);
});
