import { describe, expect, test } from 'vitest';
import { fixture, refusalOf } from './fixture.testing.ts';
import { parseNetstatInterfaces } from './netstat-interfaces.ts';
import { parseNetstatRoutes } from './netstat-routes.ts';
import { parseNetstatTcp } from './netstat-tcp.ts';
import { networkFromNetstat } from './readings/network.ts';
import { protocolsFromNetstat } from './readings/protocols.ts';

const INTERFACES = fixture('netstat-ibdnW.txt');
const TCP = fixture('netstat-tcp.txt');
const ROUTES = fixture('netstat-rn.txt');

describe('interfaces', () => {
  test.each(['', 'netstat: no\n', 'Name Mtu\nen0 1500', INTERFACES.split('\n').slice(1).join('\n')])(
    'another header is refused (%#)',
    async (text) => {
      expect((await refusalOf(() => parseNetstatInterfaces(text))).code).toBe('FAILED');
    },
  );

  test('each link once, with an address or without, beyond 4 GiB, with its star taken off', () => {
    const rows = parseNetstatInterfaces(INTERFACES);
    expect(rows.map(({ name, index, down, address }) => [name, index, down, address])).toEqual([
      ['lo0', 1, false, null],
      ['gif0', 2, true, null],
      ['en0', 14, false, '02:00:5e:10:00:01'],
      ['awdl0', 16, false, '02:00:5e:10:00:02'],
      ['utun10', 29, false, null],
      ['en5', 31, true, '02:00:5e:10:00:03'],
    ]);
    expect(rows[2]).toMatchObject({
      mtu: 1500,
      receivePackets: 63_307_213,
      receiveErrors: 3,
      receiveBytes: 51_277_090_577,
      transmitPackets: 41_595_030,
      transmitErrors: 1,
      transmitBytes: 16_701_331_635,
      collisions: 0,
      transmitDrops: 12,
    });
    expect(rows[4]).toMatchObject({ receiveBytes: 0, transmitBytes: 29_703_870 });
  });

  test('without -d there are no drops; without all counters no row', () => {
    const header = INTERFACES.slice(0, INTERFACES.indexOf(' Drop'));
    const text = `${header}\nen0 1500 <Link#4> 02:00:5e:10:00:01 1 2 3 4 5 6 7\nen1 1500 <Link#5> 1 2 3 4\nen2 1500 <Link#6> 1 - x 4 5 6 7\n`;
    const rows = parseNetstatInterfaces(text);
    expect(rows.map(({ name, transmitDrops }) => [name, transmitDrops])).toEqual([
      ['en0', null],
      ['en2', null],
    ]);
    expect(networkFromNetstat(rows).map(({ device }) => device)).toEqual(['en0']);
  });

  test('readings: what netstat does not tell is null, never 0', () => {
    const readings = networkFromNetstat(parseNetstatInterfaces(INTERFACES));
    expect(readings.filter(({ physical }) => physical).map(({ device }) => device)).toEqual(['en0', 'en5']);
    expect(readings[2]).toMatchObject({ index: 14, receiveDrops: null, receiveMulticast: null, receiveFifo: null, transmitDrops: 12 });
  });
});

describe('TCP', () => {
  test.each(['', 'udp:\n\t3 packets sent\n', 'tcp:\n\tnothing\n', '\t3 packets sent\n'])(
    'an answer without TCP is refused (%#)',
    async (text) => {
      expect((await refusalOf(() => parseNetstatTcp(text))).code).toBe('FAILED');
    },
  );

  test('counters, of TCP only', () => {
    const text = `ip:\n\t7 packets received\n${TCP}udp:\n\t9 packets received\n`;
    expect(parseNetstatTcp(text)).toMatchObject({
      segmentsIn: 63_307_213,
      segmentsOut: 41_595_030 - 20_144,
      segmentsRetransmitted: 20_144,
      checksumErrorsIn: 7,
      outOfOrder: 55_210,
      activeOpens: 18_811,
      passiveOpens: 4402,
      failedOpens: 310,
      listenOverflows: 2,
      timeouts: 9921,
      established: null,
      lostRetransmits: null,
    });
    const { tcp, udp, published } = protocolsFromNetstat(parseNetstatTcp(TCP), (_, count) => count);
    expect([tcp!.timeouts, udp]).toEqual([9921, null]);
    expect(published).toContainEqual({ protocol: 'Tcp', name: 'RetransSegs', value: 20_144 });
    expect(published.some(({ name }) => name === 'CurrEstab')).toBe(false);
  });

  test('zeros are what somebody sees who is not root, and no counters', () => {
    const zeros = TCP.replaceAll(/\d+/g, '0');
    expect(() => parseNetstatTcp(zeros)).toThrow(expect.objectContaining({ code: 'DENIED' }));
  });

  test('one of each, and an answer that was cut off', () => {
    const one = 'tcp:\n\t1 packet sent\n\t\t1 data packet (1 byte) retransmitted\n\t1 connection request\n\t1 packet recei';
    expect(parseNetstatTcp(one)).toMatchObject({ segmentsOut: 0, segmentsRetransmitted: 1, activeOpens: 1, segmentsIn: null });
  });
});

describe('default routes', () => {
  test.each(['', 'netstat: no\n', 'Internet:\ndefault 192.0.2.1 UG en0\n'])('without a table it is refused (%#)', async (text) => {
    expect((await refusalOf(() => parseNetstatRoutes(text))).code).toBe('FAILED');
  });

  test('of each family that which holds for all, not those of one interface', () => {
    expect(parseNetstatRoutes(ROUTES)).toEqual([
      { family: 'ipv4', device: 'en0', gateway: '192.0.2.1', metric: null },
      { family: 'ipv6', device: 'en0', gateway: 'fe80::5eff:fe00:1', metric: null },
    ]);
  });

  test('through an interface without a router, with more columns, to a host, and one that is down', () => {
    const table = (row: string): string => `Internet:\nDestination Gateway Flags Refs Use Netif Expire\n${row}\n`;
    expect(parseNetstatRoutes(table('default link#22 UCSg 7 0 utun4'))).toMatchObject([{ device: 'utun4', gateway: null }]);
    for (const row of [
      'default 192.0.2.1 GSc 7 0 en0',
      'default 192.0.2.1 UGH 7 0 en0',
      'default 192.0.2.1 UGSc',
      '10 192.0.2.1 UGSc 7 0 en0',
    ])
      expect(parseNetstatRoutes(table(row)), row).toEqual([]);
  });

  test('a last line that was cut is none, as its interface may have a longer name', () => {
    expect(parseNetstatRoutes(ROUTES.slice(0, ROUTES.indexOf('en0') + 2))).toEqual([]);
  });
});
