import { describe, expect, test } from 'vitest';
import { openMachineOf } from '../../machine.ts';
import { constant } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { routesOf } from '../fake/network.testing.ts';
import type { FakeRoute } from '../fake/network.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { routes } from '../routes.ts';
import { parseRouteList } from './route-list.ts';

const listOf = (...all: readonly FakeRoute[]): Buffer => Object.values(routesOf(all).answers!)[0] as Buffer;
const toAll: FakeRoute = { to: '0.0.0.0/0', index: 4, router: '10.0.0.1', flags: ['UP'] };

describe('default routes', () => {
  test('of all that are listed only those that every packet may take', () => {
    const list = listOf(
      { ...toAll, flags: ['UP', 'IFSCOPE'] },
      { ...toAll, flags: [] },
      { ...toAll, to: '0.0.0.0/8' },
      { ...toAll, to: '10.0.0.0/0' },
      { ...toAll, flags: ['UP', 'HOST'], bare: true },
      { ...toAll, index: 9 },
      { to: '0.0.0.0/0', index: 5, flags: ['UP'], bare: true },
    );
    expect(parseRouteList(list, 'ipv4')).toEqual([
      { family: 'ipv4', index: 9, gateway: '10.0.0.1', metric: null },
      { family: 'ipv4', index: 5, gateway: null, metric: null },
    ]);
    expect(parseRouteList(list, 'ipv6')).toEqual([]);
    expect(parseRouteList(Buffer.alloc(0), 'ipv4')).toEqual([]);
  });

  test('a list that is cut is an error, a message that is too short is passed over', () => {
    const list = listOf(toAll);
    for (const length of [2, 50, list.length - 1]) expect(() => parseRouteList(list.subarray(0, length), 'ipv4')).toThrow('cut after');
    const short = Buffer.from(list.subarray(0, 40));
    short.writeUInt16LE(40, 0);
    expect(parseRouteList(short, 'ipv4')).toEqual([]);
    const bare = Buffer.from(list.subarray(0, 92));
    bare.writeUInt16LE(92, 0);
    expect(parseRouteList(bare, 'ipv4')).toEqual([]);
  });
});

describe.skipIf(noFakeDarwin !== null)('the routes collector of macOS', () => {
  const read = async (fake: FakeDarwin) => {
    using machine = openMachineOf([routes], fake.host);
    const snapshot = await machine.snapshot();
    fake.expectClean();
    return snapshot;
  };

  test('the way out of each family', async () => {
    const { routes: reading, gaps } = await read(openFakeDarwin(m1Laptop));
    expect(reading).toEqual([
      { device: 'en0', family: 'ipv4', gateway: '192.168.1.1', metric: null },
      { device: 'en0', family: 'ipv6', gateway: 'fe80::aabb', metric: null },
    ]);
    expect(gaps.map(({ field }) => field)).toContain('routes.metric');
  });

  test('a family that is refused is a gap; an interface that went meanwhile is left out', async () => {
    const place = [constant('CTL_NET'), constant('PF_ROUTE'), 0, constant('AF_INET6'), constant('NET_RT_DUMP'), 0].join('.');
    const refused = { [`sysctl:${place}`]: { result: -1, error: constant('EPERM') } };
    const { routes: reading, gaps } = await read(
      openFakeDarwin(merge(m1Laptop, routesOf([{ ...toAll, index: 99 }]), { answers: refused })),
    );
    expect(reading).toEqual([]);
    expect(gaps.find(({ field }) => field === 'routes.ipv6')).toMatchObject({ reason: 'permission' });
  });
});
