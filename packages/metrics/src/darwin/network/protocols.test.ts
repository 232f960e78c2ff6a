import { describe, expect, test } from 'vitest';
import { protocolsRates } from '../../domain/protocols-rates.ts';
import type { ProtocolsReading } from '../../domain/protocols.ts';
import { openMachineOf } from '../../machine.ts';
import type { Gap } from '../../model/gap.ts';
import { encode } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import { protocolsOf } from '../fake/network.testing.ts';
import { intelLaptop } from '../machines/intel-laptop.testing.ts';
import { m1Laptop } from '../machines/m1-laptop.testing.ts';
import { protocols } from '../protocols.ts';
import { aroundOf, openLongCounters } from './long-counter.ts';

const MOST = 2 ** 32 - 1;

describe('counters of 32 bits', () => {
  test('go on where they begin again, each by itself; what is taken back goes back', () => {
    const long = openLongCounters();
    const given = [MOST - 5, 10, 8, 2 ** 31 + 20, MOST, 3].map((now) => long('a', now));
    expect(given).toEqual([MOST - 5, MOST + 11, MOST + 9, MOST + 2 ** 31 + 21, 2 * MOST + 1, 2 * MOST + 5]);
    expect(long('b', 7)).toBe(7);
    expect([long('b', 5), long('b', MOST)]).toEqual([5, MOST]);
    const edge = openLongCounters();
    expect([MOST, 2, MOST, 2].map((now) => edge('c', now))).toEqual([MOST, MOST + 3, MOST, MOST + 3]);
  });

  test('differences and sums stay in 32 bits', () => {
    expect([aroundOf(-1), aroundOf(MOST + 1), aroundOf(5), aroundOf(-MOST)]).toEqual([MOST, 0, 5, 1]);
  });
});

describe.skipIf(noFakeDarwin !== null)('the protocols collector of macOS', () => {
  const read = async (machine: Parameters<typeof openFakeDarwin>[0]) => {
    const fake = openFakeDarwin(machine);
    using opened = openMachineOf([protocols], fake.host);
    const snapshot = await opened.snapshot();
    fake.expectClean();
    return { reading: snapshot.protocols as ProtocolsReading, gaps: snapshot.gaps as readonly Gap[] };
  };

  test('as root: all that macOS counts of TCP', async () => {
    const { reading, gaps } = await read(intelLaptop);
    expect(reading.tcp).toEqual({
      ...{ activeOpens: 11, passiveOpens: 12, establishedResets: 13, failedOpens: 14, timeouts: 15, segmentsOut: 1583 },
      ...{ segmentsRetransmitted: 17, segmentsIn: 1800, errorsIn: 6, checksumErrorsIn: 1, outOfOrder: 19 },
      ...{ listenDrops: 20, listenOverflows: 20, established: null, resetsOut: null, synRetransmits: null, lostRetransmits: null },
      ...{ fastRetransmits: null, receiveQueueDrops: null, synCookiesSent: null, abortsOnMemory: null, memoryPressures: null },
    });
    expect(gaps.find(({ field }) => field === 'protocols.tcp.resetsOut')).toMatchObject({ reason: 'unsupported' });
    expect(reading.published).toContainEqual({ protocol: 'Tcp', name: 'RetransSegs', value: 17 });
    expect(reading.published.some(({ name }) => name === 'OutRsts')).toBe(false);
  });

  test('for others TCP is unknown and never 0, because the kernel answers zeros', async () => {
    const { reading, gaps } = await read(m1Laptop);
    expect(reading.tcp).toBeNull();
    expect(gaps.find(({ field }) => field === 'protocols.tcp')).toMatchObject({
      reason: 'permission',
      detail: expect.stringContaining('root'),
    });
    expect(reading.published.some(({ protocol }) => protocol === 'Tcp')).toBe(false);
    expect(reading).toMatchObject({ udp6: null, ip6: null, icmp6: null });
    for (const field of ['protocols.udp6', 'protocols.ip6', 'protocols.icmp6'])
      expect(gaps.find((gap) => gap.field === field)).toMatchObject({ reason: 'unsupported' });
  });

  test('UDP, IP and ICMP', async () => {
    const { reading } = await read(m1Laptop);
    expect(reading.udp).toEqual({
      ...{ datagramsIn: 1000 - 12 - 90, datagramsOut: 700, noPorts: 40, errorsIn: 12, receiveBufferErrors: 6, checksumErrorsIn: 2 },
      ...{ sendBufferErrors: null, memoryErrors: null },
    });
    expect(reading.ip).toMatchObject({ received: 90_000, delivered: 80_000, sent: 70_000, headerErrors: 1, noRoutesOut: 9 });
    expect(reading.ip).toMatchObject({ reassemblyFailures: 5, bytesIn: null, forwarded: 0, addressErrors: 0, discardsOut: 0 });
    expect(reading.icmp).toEqual({ messagesIn: 13, messagesOut: 6, errorsIn: 3, unreachablesIn: 7, unreachablesOut: 2 });
  });

  test('every reason for a header to be refused counts, and ICMP of all types', async () => {
    const ip = Object.fromEntries(
      ['badsum', 'tooshort', 'toosmall', 'badhlen', 'badlen', 'badoptions', 'badvers'].map((name, at) => [`ips_${name}`, 10 ** at]),
    );
    const rest = { ips_forward: 1, ips_cantforward: 2, ips_odropped: 3, ips_cantfrag: 4 };
    const icmp = { icps_inhist: [...Array<number>(40).fill(0), 5], icps_tooshort: 10, icps_badlen: 100 };
    const { reading } = await read(merge(m1Laptop, protocolsOf({ ip: { ...ip, ...rest }, icmp })));
    expect(reading.ip).toMatchObject({ headerErrors: 1_111_111, forwarded: 1, addressErrors: 2, discardsOut: 3, fragmentationFailures: 4 });
    expect(reading.icmp).toMatchObject({ messagesIn: 15, errorsIn: 110 });
  });

  test.each([960, 976, 992, 1400])('TCP of a macOS whose structure has %d bytes', async (length) => {
    const whole = Buffer.concat([encode('tcpstat', { tcps_sndrexmitpack: 9, tcps_sndtotal: 7 }), Buffer.alloc(500, 0xee)]);
    const { reading } = await read(merge(m1Laptop, { answers: { 'sysctl:net.inet.tcp.stats': whole.subarray(0, length) } }));
    // The counter of all that was sent began again, the other not yet.
    expect(reading.tcp).toMatchObject({ segmentsRetransmitted: 9, segmentsOut: 2 ** 32 - 2 });
  });

  test('an answer that is too short is an error, a name that is gone is absent', async () => {
    const answers = { 'sysctl:net.inet.tcp.stats': Buffer.alloc(263, 1), 'sysctl:net.inet.udp.stats': Buffer.alloc(87, 1) };
    const { reading, gaps } = await read(
      merge(m1Laptop, { answers: { ...answers, 'sysctl:net.inet.ip.stats': { result: -1, error: 2 } } }),
    );
    expect([reading.tcp, reading.udp, reading.ip]).toEqual([null, null, null]);
    const reasons = ['tcp', 'udp', 'ip'].map((part) => gaps.find(({ field }) => field === `protocols.${part}`)?.reason);
    expect(reasons).toEqual(['error', 'error', 'absent']);
  });

  test('rates go on over the edge of 32 bits', async () => {
    const at = (sent: number, again: number) =>
      merge(intelLaptop, protocolsOf({ tcp: { tcps_sndtotal: aroundOf(sent), tcps_sndrexmitpack: aroundOf(again), tcps_rcvtotal: 1 } }));
    const fake = openFakeDarwin(at(MOST - 100, MOST - 4));
    using machine = openMachineOf([protocols], fake.host);
    const before = machine.protocols().value!;
    fake.change(at(MOST + 900, MOST + 46));
    const after = machine.protocols().value!;
    expect(protocolsRates(before, after, 2).tcp).toMatchObject({
      ...{ retransmitsPerSecond: 25, segmentsOutPerSecond: 475, retransmitRatio: 0.05, segmentsInPerSecond: 0 },
    });
  });
});
