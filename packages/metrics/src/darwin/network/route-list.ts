import type { RouteReading } from '../../domain/routes.ts';
import { APPLE } from '../apple-numbers.ts';
import type { Darwin } from '../binding/darwin.ts';
import { ROUTE_MESSAGE } from '../layout/interface.ts';
import { readField } from '../layout/layout.ts';
import { sysctlBytes } from '../libsystem/sysctl.ts';
import { addressesBehind, messagesOf } from './messages.ts';
import { formatIp, parseIpAddress, prefixLengthOf } from './socket-address.ts';

const FAMILIES = { ipv4: APPLE.AF_INET, ipv6: APPLE.AF_INET6 } as const;

/** A default route: where it leads, by the number of its interface. */
export interface ListedRoute extends Omit<RouteReading, 'device'> {
  readonly index: number;
}

/**
 * The default routes in a list of NET_RT_DUMP. Those that hold for what is bound to one interface only (RTF_IFSCOPE) are left out: every
 * interface with a router has one, and no other packet takes it. Throws FAILED when a message does not fit.
 */
export function parseRouteList(list: Buffer, family: RouteReading['family']): ListedRoute[] {
  const found: ListedRoute[] = [];
  const { flags: flagsOf, index, addresses } = ROUTE_MESSAGE.fields;
  for (const { start, end } of messagesOf(list)) {
    if (end - start < ROUTE_MESSAGE.size) continue;
    const flags = readField(list, flagsOf, start);
    if ((flags & APPLE.RTF_UP) === 0 || (flags & (APPLE.RTF_HOST | APPLE.RTF_IFSCOPE)) !== 0) continue;
    const behind = addressesBehind(list, { start: start + ROUTE_MESSAGE.size, end }, readField(list, addresses, start));
    const to = parseIpAddress(behind.get(APPLE.RTA_DST));
    if (to?.family !== family || to.bytes.some((byte) => byte !== 0)) continue;
    if ((prefixLengthOf(behind.get(APPLE.RTA_NETMASK), family) ?? 0) !== 0) continue;
    const router = parseIpAddress(behind.get(APPLE.RTA_GATEWAY));
    found.push({ family, index: readField(list, index, start), gateway: router && formatIp(router), metric: null });
  }
  return found;
}

/** The default routes of a family. Throws the system's error, FAILED for a list that is cut. */
export const listDefaultRoutes = (darwin: Darwin, family: RouteReading['family']): ListedRoute[] =>
  parseRouteList(sysctlBytes(darwin, [APPLE.CTL_NET, APPLE.PF_ROUTE, 0, FAMILIES[family], APPLE.NET_RT_DUMP, 0]), family);
