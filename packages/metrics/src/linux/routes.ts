import { errnoOf } from '@hecate/host';
import { routesGroups } from '../domain/routes.ts';
import type { RouteReading } from '../domain/routes.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { readStart } from './file-start.ts';
import { readHexadecimal } from './hexadecimal.ts';
import { parsePlainAddress, parseWordAddress } from './ip-address.ts';
import { netDirectory } from './net-directory.ts';

/** Flags of a route (linux/route.h). */
const RTF_UP = 1;
const RTF_REJECT = 0x200;

/** Default routes of IPv4 come first in their file, and a router has a million others: this many bytes are read. */
const START = 32_768;
/** More IPv6 routes than this are not looked through: default routes come late in their file. */
const MOST_IPV6_ROUTES = 5000;

const ANY_IPV6 = '0'.repeat(32);

/**
 * Default routes of /proc/net/route: a heading, then interface, destination, gateway, flags, two counters, metric, mask, …,
 * addresses as hexadecimal numbers (kernel: net/ipv4/fib_trie.c, fib_route_seq_show). A last line that is cut short is left out.
 */
export function parseRoutes(cursor: ByteCursor): RouteReading[] {
  const routes: RouteReading[] = [];
  for (cursor.nextLine(); cursor.find(10) >= 0; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    const start = cursor.at;
    cursor.skipWords(1);
    const device = cursor.text(start, cursor.at);
    if (cursor.word() !== '00000000') continue;
    const gateway = parseWordAddress(cursor.word());
    const flags = readHexadecimal(cursor);
    cursor.skipWords(2);
    const metric = cursor.integer();
    if (cursor.word() !== '00000000' || (flags & RTF_UP) === 0 || (flags & RTF_REJECT) !== 0) continue;
    routes.push({ family: 'ipv4', device, gateway: gateway === '0.0.0.0' ? null : gateway, metric });
  }
  return routes;
}

/**
 * Default routes of /proc/net/ipv6_route: destination, its prefix length, source, its prefix length, gateway, metric, two counters,
 * flags, interface, all hexadecimal (kernel: net/ipv6/route.c, rt6_info_route → ipv6_route_native_seq_show).
 */
export function parseIpv6Routes(cursor: ByteCursor): RouteReading[] {
  const routes: RouteReading[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    if (!cursor.match(`${ANY_IPV6} 00 `)) continue;
    cursor.skipWords(2);
    const gateway = parsePlainAddress(cursor.word());
    const metric = readHexadecimal(cursor);
    cursor.skipWords(2);
    const flags = readHexadecimal(cursor);
    const device = cursor.word();
    if (device === '' || (flags & RTF_UP) === 0 || (flags & RTF_REJECT) !== 0) continue;
    routes.push({ family: 'ipv6', device, gateway: gateway === '::' ? null : gateway, metric });
  }
  return routes;
}

/** /proc/net/rt6_stats: the fourth hexadecimal number counts the routes (kernel: net/ipv6/route.c, rt6_stats_seq_show). */
export function parseIpv6RouteCount(cursor: ByteCursor): number {
  cursor.skipWords(3);
  return readHexadecimal(cursor);
}

/** Where packets go that are for nowhere in particular: default routes of our own network namespace. */
export const routes: Collector<'routes', readonly RouteReading[]> = {
  name: 'routes',
  lane: 'slow',
  sources: ['/proc/net/route', '/proc/net/ipv6_route'],
  remedy: 'Mount /proc.',
  groups: routesGroups,
  open(host) {
    const directory = netDirectory(host);
    const cursor = new ByteCursor();
    const memory = Buffer.allocUnsafeSlow(START);
    const readIpv6 = (gaps: GapSink): RouteReading[] => {
      let count = 0;
      try {
        count = parseIpv6RouteCount(cursor.reset(host.read(`${directory}/rt6_stats`)));
      } catch (error) {
        // Without IPv6 there is no such file; a recorded machine may have the routes all the same.
        if (errnoOf(error) !== 'ENOENT') throw error;
      }
      if (count > MOST_IPV6_ROUTES) {
        gaps.add('routes.ipv6', 'timeout', `There are ${count} routes; more than ${MOST_IPV6_ROUTES} are not looked through.`);
        return [];
      }
      return parseIpv6Routes(cursor.reset(host.read(`${directory}/ipv6_route`)));
    };
    const attempt = (gaps: GapSink, field: string, read: () => RouteReading[]): RouteReading[] => {
      try {
        return read();
      } catch (error) {
        gaps.addError(field, error);
        return [];
      }
    };
    return {
      *read(gaps) {
        const ipv4 = attempt(gaps, 'routes.ipv4', () => parseRoutes(cursor.reset(readStart(host, `${directory}/route`, memory))));
        yield;
        return [...ipv4, ...attempt(gaps, 'routes.ipv6', () => readIpv6(gaps))];
      },
      close: () => {},
    };
  },
};
