import { HecateError } from '@hecate/host';
import type { CountsByPart } from '../domain/protocol-counters.ts';
import { protocolsGroups, publishedOf } from '../domain/protocols.ts';
import type { ProtocolsReading } from '../domain/protocols.ts';
import type { Collector } from '../model/collector.ts';
import { withPrograms } from './fallback.ts';
import type { Darwin } from './binding/darwin.ts';
import { ICMP_COUNTERS, IP_COUNTERS, TCP_COUNTERS, UDP_COUNTERS } from './layout/protocol.ts';
import { sysctlBytes } from './libsystem/sysctl.ts';
import { longCounts, openLongCounters } from './network/long-counter.ts';
import { parseIcmp, parseIp, parseTcp, parseUdp, UNCOUNTED } from './network/protocol-counts.ts';
import { ask, lacks, openReader } from './reader.ts';
import { protocolsTier } from './text/network-tiers.ts';

/** The parts that are read: where, as far as where fields lie the same on every macOS, and what they say. */
const PARTS = {
  tcp: { place: 'net.inet.tcp.stats', least: TCP_COUNTERS.fields.badResets[1] + 4, parse: parseTcp },
  udp: { place: 'net.inet.udp.stats', least: UDP_COUNTERS.size, parse: parseUdp },
  ip: { place: 'net.inet.ip.stats', least: IP_COUNTERS.size, parse: parseIp },
  icmp: { place: 'net.inet.icmp.stats', least: ICMP_COUNTERS.size, parse: parseIcmp },
} as const;
type Part = keyof typeof PARTS;

/**
 * Counters of a part. Throws the system's error; FAILED for an answer that is too short; DENIED for one in which everything is 0:
 * for who may not see the counters of TCP the kernel has zeros (bsd/netinet/tcp_input.c of XNU), and no machine has sent nothing at all.
 */
function readPart(darwin: Darwin, part: Part): Buffer {
  const { place, least } = PARTS[part];
  const bytes = sysctlBytes(darwin, place);
  if (bytes.length < least) throw new HecateError('FAILED', `sysctl ${place} answered ${bytes.length} bytes, and ${least} are known.`);
  if (part === 'tcp' && bytes.every((byte) => byte === 0))
    throw new HecateError('DENIED', 'macOS tells the counters of TCP to root only (sysctl net.inet.tcp.disable_access_to_stats).');
  return bytes;
}

/** Counters of TCP, UDP, IP and ICMP. */
export const protocols: Collector<'protocols', ProtocolsReading> = {
  name: 'protocols',
  lane: 'fast',
  sources: [...Object.values(PARTS).map(({ place }) => `sysctl ${place}`), 'else, as root and of TCP alone, netstat(1)'],
  permission: 'Counters of TCP are for root; the others are for everyone.',
  remedy: 'Start hecate as root, or set sysctl net.inet.tcp.disable_access_to_stats=0.',
  groups: protocolsGroups,
  open: (machine) =>
    withPrograms(
      machine,
      openReader(machine, (darwin) => {
        const long = openLongCounters();
        return (gaps) => {
          lacks(gaps, ['protocols.udp6'], 'macOS counts datagrams of both versions of IP together, in udp.');
          lacks(gaps, ['protocols.ip6', 'protocols.icmp6'], 'Where macOS has its counters of IPv6 is not known.');
          const read = <Name extends Part>(part: Name): CountsByPart[Name] | null =>
            ask(gaps, `protocols.${part}`, () => {
              const counts = PARTS[part].parse(readPart(darwin, part)) as CountsByPart[Name];
              lacks(
                gaps,
                UNCOUNTED[part].map((name) => `protocols.${part}.${name}`),
                'macOS does not count this.',
              );
              return longCounts(counts, part, long);
            });
          const parts = { tcp: read('tcp'), udp: read('udp'), udp6: null, ip: read('ip'), ip6: null, icmp: read('icmp'), icmp6: null };
          return { ...parts, published: publishedOf(parts) };
        };
      }),
      protocolsTier(),
    ),
};
