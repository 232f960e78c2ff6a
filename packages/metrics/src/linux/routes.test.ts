import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RouteReading } from '../domain/routes.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { collectGaps } from '../model/gap.ts';
import type { Gap } from '../model/gap.ts';
import { inPrivateNetwork, ip, ipBatch, privateNetworkMissing } from './private-network.testing.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { parseIpv6Routes, parseRoutes, routes } from './routes.ts';

const cursorOf = (content: string | Uint8Array): ByteCursor => new ByteCursor().reset(bytesOf(content));

test('default routes of IPv4 only, with and without a router; those that refuse, and a last line that is cut, are left out', () => {
  const text = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
ppp0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0
*\t00000000\t00000000\t0200\t0\t0\t9\t00000000\t0\t0\t0
any8\t00000000\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0
eth1\t00000000\t010200C0\t0003\t0\t0\t1`;
  expect(parseRoutes(cursorOf(text))).toEqual([
    { family: 'ipv4', device: 'eth0', gateway: '192.0.2.1', metric: 100 },
    { family: 'ipv4', device: 'ppp0', gateway: null, metric: 50 },
  ]);
});

test('default routes of IPv6', () => {
  const zero = '0'.repeat(32);
  const line = (destination: string, length: string, gateway: string, flags: string, device: string): string =>
    `${destination} ${length} ${zero} 00 ${gateway} 00000400 00000003 00000000 ${flags}     ${device}\n`;
  const text =
    line('fd000000000000000000000000000000', '40', zero, '00000001', 'eth0') +
    line(zero, '00', 'fe800000000000000000000000000001', '00000003', 'eth0') +
    line(zero, '00', zero, '00200200', 'lo') +
    line(zero, '01', zero, '00000001', 'eth9');
  expect(parseIpv6Routes(cursorOf(text))).toEqual([{ family: 'ipv6', device: 'eth0', gateway: 'fe80::1', metric: 1024 }]);
});

test('a router with more routes than can be looked through says so', () => {
  const tree = createTree({
    'proc/net/route': 'Iface\n',
    'proc/net/rt6_stats': '0009 0006 0037 ffff 0000 0000 0000\n',
    'proc/net/ipv6_route': '',
  });
  const gaps: Gap[] = [];
  expect(finish(routes.open(tree.host).read(collectGaps(gaps)) as Sliced<readonly RouteReading[]>)).toEqual([]);
  tree.remove();
  expect(gaps).toMatchObject([{ field: 'routes.ipv6', reason: 'timeout' }]);
});

test('any bytes give finite numbers or an error of ours', () => {
  const words = fc
    .array(fc.constantFrom('eth0', '00000000', '0003', '1', '\n', '0'.repeat(32), '00 ', 'x'), { maxLength: 60 })
    .map((parts) => Buffer.from(parts.join(' ')));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), words), (content) => {
      for (const parse of [parseRoutes, parseIpv6Routes]) {
        try {
          expect(parse(cursorOf(content)).every(({ metric }) => Number.isFinite(metric))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      }
    }),
  );
});

const missing = privateNetworkMissing();
if (missing) console.warn(`SKIPPED: routes in a network of their own: ${missing}`);
test.skipIf(missing)('a network of its own, with two thousand routes: as ip says', async () => {
  const { ours, theirs } = await inPrivateNetwork(() => {
    ipBatch([
      'link add one type veth peer name two',
      'link set one up',
      'link set two up',
      'address add 192.0.2.1/24 dev one',
      'address add 2001:db8::1/64 dev one nodad',
      ...Array.from({ length: 2000 }, (_, index) => `route add 10.${index >> 8}.${index & 255}.0/24 via 192.0.2.7`),
      'route add default via 192.0.2.254 metric 10',
      'route add default dev two metric 20',
      'route add unreachable default metric 99',
      'route add ::/0 via 2001:db8::99 dev one metric 30',
    ]);
    const reading = finish(routes.open(openHost()).read(collectGaps([])) as Sliced<readonly RouteReading[]>);
    type Row = { dev?: string; gateway?: string; metric?: number; type?: string };
    const ask = (family: '-4' | '-6'): Row[] => JSON.parse(ip('-j', family, 'route', 'show', 'default')) as Row[];
    return { ours: reading, theirs: { ipv4: ask('-4'), ipv6: ask('-6') } };
  });
  const wanted = (['ipv4', 'ipv6'] as const).flatMap((family) =>
    theirs[family]
      .filter(({ type }) => type !== 'unreachable')
      .map(({ dev, gateway, metric }) => ({ family, device: dev, gateway: gateway ?? null, metric: metric ?? 0 })),
  );
  expect(wanted).toHaveLength(3);
  expect(ours).toEqual(wanted);
});
