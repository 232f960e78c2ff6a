import { errnoOf, HecateError } from '@hecate/host';
import type { KeptFile } from '@hecate/host';
import { ipvsGroups } from '../domain/ipvs.ts';
import type { IpvsBackend, IpvsReading } from '../domain/ipvs.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { readHexadecimal } from './hexadecimal.ts';
import { parsePlainAddress } from './ip-address.ts';
import { keepNetFile } from './net-directory.ts';
import type { Mutable } from '../model/mutable.ts';

type Totals = Omit<IpvsReading, 'backends'>;

const NO_TOTALS: Totals = {
  connections: null,
  incomingPackets: null,
  outgoingPackets: null,
  incomingBytes: null,
  outgoingBytes: null,
};

/** /proc/net/ip_vs_stats: two lines of headings, then the totals, hexadecimal (kernel: net/netfilter/ipvs/ip_vs_ctl.c). */
export function parseIpvsStats(cursor: ByteCursor): Totals {
  cursor.nextLine().nextLine();
  return {
    connections: readHexadecimal(cursor),
    incomingPackets: readHexadecimal(cursor),
    outgoingPackets: readHexadecimal(cursor),
    incomingBytes: readHexadecimal(cursor),
    outgoingBytes: readHexadecimal(cursor),
  };
}

/** `C0A80016:0CEA`, or `[2001:0db8:…]:0CEA` with all digits of an IPv6 address. Throws FAILED for anything else. */
function parseEndpoint(text: string): { address: string; port: number } {
  const colon = text.lastIndexOf(':');
  const address = parsePlainAddress(text.slice(0, colon).replaceAll(/[[\]:]/g, ''));
  const port = text.slice(colon + 1);
  if (address === null || !/^[\da-f]{1,4}$/i.test(port)) throw new HecateError('FAILED', 'An address of /proc/net/ip_vs is malformed.');
  return { address, port: Number.parseInt(port, 16) };
}

/** /proc/net/ip_vs: a line a service, and below it `->` lines for its servers. Servers of the same addresses are added up. */
export function parseIpvs(cursor: ByteCursor): IpvsBackend[] {
  const backends = new Map<string, Mutable<IpvsBackend>>();
  let service: Pick<IpvsBackend, 'protocol' | 'localAddress' | 'localPort' | 'localMark'> | undefined;
  for (cursor.nextLine().nextLine().nextLine(); !cursor.done; cursor.nextLine()) {
    const first = cursor.word();
    if (first === '') continue;
    const second = cursor.word();
    if (first === 'FWM') service = { protocol: first, localAddress: null, localPort: 0, localMark: second };
    else if (first !== '->') {
      const { address, port } = parseEndpoint(second);
      service = { protocol: first, localAddress: address, localPort: port, localMark: null };
    } else if (service) {
      const { address, port } = parseEndpoint(second);
      cursor.skipWords(1);
      const key = `${service.protocol} ${service.localAddress ?? service.localMark}:${service.localPort} ${second}`;
      let row = backends.get(key);
      if (!row) {
        row = { ...service, remoteAddress: address, remotePort: port, weight: 0, activeConnections: 0, inactiveConnections: 0 };
        backends.set(key, row);
      }
      row.weight += cursor.integer();
      row.activeConnections += cursor.integer();
      row.inactiveConnections += cursor.integer();
    }
  }
  return [...backends.values()];
}

/** The kernel's load balancer. */
export const ipvs: Collector<'ipvs', IpvsReading> = {
  name: 'ipvs',
  lane: 'slow',
  sources: ['/proc/net/ip_vs_stats', '/proc/net/ip_vs'],
  remedy: 'The load balancer is loaded with the first service (ipvsadm -A); a container needs CAP_NET_ADMIN to read its services.',
  groups: ipvsGroups,
  open(host) {
    const stats = keepNetFile(host, 'ip_vs_stats');
    const table = keepNetFile(host, 'ip_vs');
    const cursor = new ByteCursor();
    /** Most machines have no IPVS, which is no fault. */
    const unlessAbsent = <Value>(file: KeptFile, parse: (from: ByteCursor) => Value, otherwise: Value): Value => {
      try {
        return parse(cursor.reset(file.read()));
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return otherwise;
        throw error;
      }
    };
    return {
      read(gaps) {
        const totals = unlessAbsent(stats, parseIpvsStats, NO_TOTALS);
        try {
          return { ...totals, backends: unlessAbsent(table, parseIpvs, []) };
        } catch (error) {
          gaps.addError('ipvs.backends', error);
          return { ...totals, backends: [] };
        }
      },
      close: () => [stats, table].forEach((file) => file.close()),
    };
  },
};
