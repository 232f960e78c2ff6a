import { existsSync, readFileSync } from 'node:fs';
import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArpReading } from '../domain/arp.ts';
import type { ConntrackReading } from '../domain/conntrack.ts';
import type { CacheCounter } from '../domain/lnstat.ts';
import { softnetGroups } from '../domain/softnet.ts';
import type { SoftnetReading } from '../domain/softnet.ts';
import { xfrmGroups } from '../domain/xfrm.ts';
import type { XfrmCounter } from '../domain/xfrm.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { arp, parseArp } from './arp.ts';
import { conntrack, sumConntrack } from './conntrack.ts';
import { lnstat } from './lnstat.ts';
import { inPrivateNetwork, ip, ipBatch, privateNetworkMissing } from './private-network.testing.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { parseSoftnet } from './softnet.ts';
import { parseStatTable } from './stat-table.ts';
import { parseXfrm, xfrm } from './xfrm.ts';

const cursorOf = (content: string | Uint8Array): ByteCursor => new ByteCursor().reset(bytesOf(content));

test('tables of /proc/net/stat: columns go by their names, and their number is not fixed', () => {
  const old = parseStatTable(
    cursorOf('entries  searched found ignore\n00000021  00000001 00000002 0000588a\n00000021 00000000 0000000f 00000001\n'),
  );
  expect(sumConntrack(old)).toMatchObject({ found: 17, ignored: 0x588b, invalid: null, searchRestarted: null });
  const young = parseStatTable(cursorOf('entries clashres found\n1 2 3\n'));
  expect(sumConntrack(young)).toMatchObject({ found: 3, ignored: null });
  expect(() => parseStatTable(cursorOf('a b\n1\n'))).toThrow(HecateError);
});

test('connection tracking that is not loaded has nulls with a reason', () => {
  const tree = createTree({ 'proc/sys/net/netfilter/nf_conntrack_max': '65536\n' });
  const gaps: Gap[] = [];
  const reader = conntrack.open(tree.host);
  const reading = reader.read(collectGaps(gaps)) as ConntrackReading;
  reader.close();
  tree.remove();
  expect(reading).toMatchObject({ entries: null, limit: 65_536, found: null });
  expect(gaps.map(({ field, reason }) => `${field} ${reason}`)).toEqual(['conntrack.entries absent', 'conntrack.found absent']);
});

test('softnet of old and young kernels; the CPU is in the line where the kernel says it', () => {
  const old = parseSoftnet(cursorOf('000000ff 00000001 00000002 0 0 0 0 0 00000003\n00000001 0 0 0 0 0 0 0 0\n'));
  expect(old).toMatchObject([
    { cpu: 0, processed: 255, dropped: 1, timesSqueezed: 2, collisions: 3, receivedRps: null, flowLimitReached: null, backlog: null },
    { cpu: 1 },
  ]);
  const [row] = parseSoftnet(cursorOf('1 2 3 0 0 0 0 0 4 5 6 7 00000009 00000000 00000000\n'));
  expect(row).toEqual({
    cpu: 9,
    processed: 1,
    dropped: 2,
    timesSqueezed: 3,
    collisions: 4,
    receivedRps: 5,
    flowLimitReached: 6,
    backlog: 7,
  });
  expect(() => parseSoftnet(cursorOf('1 2\n'))).toThrow(HecateError);
  const value = softnetGroups()[0]!.fields.find(({ key }) => key === 'backlog')!.prometheus!.value as (
    row: SoftnetReading,
  ) => number | null;
  expect([value(old[0]!), value(row!)]).toEqual([0, 7]);
});

test('neighbours by device; incomplete ones, and lines that are cut short', () => {
  const text = `IP address HW type Flags HW address Mask Device
192.0.2.1  0x1         0x2         cc:aa:dd:ee:aa:bb     *        eth0
192.0.2.9  0x1         0x0         00:00:00:00:00:00     *        eth0
10.0.0.1   0x1         0x6         de:ad:be:ef:00:00     *        eth00
192.0.2.2  0x1
`;
  expect(parseArp(cursorOf(text))).toEqual([
    { device: 'eth0', entries: 2, incomplete: 1 },
    { device: 'eth00', entries: 1, incomplete: 0 },
  ]);
});

test('faults of IPsec are published under names made from those of the kernel', () => {
  const counters = parseXfrm(cursorOf('XfrmInNoStates             \t3\nXfrmFwdHdrError 6\n'));
  expect(counters.map(xfrmGroups()[0]!.open!.name as (row: XfrmCounter) => string)).toEqual([
    'node_xfrm_in_no_states_packets_total',
    'node_xfrm_fwd_hdr_error_packets_total',
  ]);
  expect(parseXfrm(cursorOf('XfrmInNoStates 4\n'), counters)).toEqual([{ name: 'XfrmInNoStates', packets: 4 }]);
  const tree = createTree({});
  expect(xfrm.open(tree.host).read(collectGaps([]))).toEqual([]);
  tree.remove();
});

test('any bytes give finite numbers or an error of ours', () => {
  const words = fc
    .array(fc.constantFrom('entries', '0f', ' ', '\n', '1', '-', 'x', '*'), { maxLength: 50 })
    .map((parts) => Buffer.from(parts.join('')));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), words), (content) => {
      for (const task of [
        () => parseStatTable(cursorOf(content)).rows.flat(),
        () => parseSoftnet(cursorOf(content)).map((row) => row.cpu + row.processed),
        () => parseArp(cursorOf(content)).map((row) => row.entries),
        () => parseXfrm(cursorOf(content)).map((row) => row.packets),
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

test.runIf(process.platform === 'linux')('this machine: every CPU and cache, as many numbers as names', () => {
  const counters = finish(lnstat.open(openHost()).read(collectGaps([])) as Sliced<readonly CacheCounter[]>);
  expect(counters.some((row) => row.subsystem === 'arp_cache' && row.name === 'entries')).toBe(true);
});

const limitFile = '/proc/sys/net/netfilter/nf_conntrack_max';
const notLoaded = existsSync(limitFile) ? null : 'connection tracking is not loaded (modprobe nf_conntrack)';
if (notLoaded) console.warn(`SKIPPED: connection tracking of this machine: ${notLoaded}`);
test.skipIf(notLoaded)('this machine: flows that are tracked, within the limit', () => {
  const reader = conntrack.open(openHost());
  const reading = reader.read(collectGaps([])) as ConntrackReading;
  reader.close();
  expect(reading.limit).toBe(Number(readFileSync(limitFile, 'utf8')));
  expect(reading.entries).toBeLessThanOrEqual(reading.limit!);
});

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: neighbours in a network of their own: ${missing}`);
test.skipIf(missing)('neighbours that ip knows', async () => {
  const { ours, theirs } = await inPrivateNetwork(() => {
    ipBatch([
      'link add one type veth peer name two',
      'link set one up',
      'link set two up',
      'address add 192.0.2.1/24 dev one',
      ...Array.from(
        { length: 40 },
        (_, index) => `neigh add 192.0.2.${index + 10} lladdr 02:00:00:00:00:${(index + 10).toString(16)} dev one`,
      ),
      'neigh add 192.0.2.100 dev one nud failed',
      'neigh add 10.0.0.1 lladdr 02:00:00:00:00:01 dev two',
      'neigh add 10.0.0.2 lladdr 02:00:00:00:00:02 dev two nud noarp',
    ]);
    const reader = arp.open(openHost());
    const reading = reader.read(collectGaps([])) as readonly ArpReading[];
    reader.close();
    return { ours: reading, theirs: JSON.parse(ip('-j', '-4', 'neigh', 'show', 'nud', 'all')) as { dev: string; state: string[] }[] };
  });
  const wanted = (device: string): number => theirs.filter(({ dev, state }) => dev === device && !state.includes('NOARP')).length;
  expect(ours.toSorted((a, b) => a.device.localeCompare(b.device))).toEqual([
    { device: 'one', entries: wanted('one'), incomplete: 1 },
    { device: 'two', entries: wanted('two'), incomplete: 0 },
  ]);
  expect(wanted('one')).toBe(41);
});
