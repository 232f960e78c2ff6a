import { isIP } from 'node:net';
import type { Host } from '@hecate/host';
import type { RouteReading } from '../../domain/routes.ts';
import { askProgram, notUnderstood } from './program.ts';

const FAMILIES: Readonly<Record<string, RouteReading['family']>> = { 'Internet:': 'ipv4', 'Internet6:': 'ipv6' };

/** An address without the name of its interface behind it; null for what is none (`link#15`). */
function routerOf(word: string): string | null {
  const address = word.replace(/%.*$/, '');
  return isIP(address) === 0 ? null : address;
}

/**
 * Reads the default routes of what `netstat -rn` prints. Those that hold for what is bound to one interface only (flag `I`) are left out,
 * as in `network/route-list.ts`, and so is a last line that was cut. Throws FAILED where there is no table.
 */
export function parseNetstatRoutes(text: string): RouteReading[] {
  const found: RouteReading[] = [];
  let family: RouteReading['family'] | undefined;
  let columns: readonly string[] = [];
  let tables = 0;
  for (const line of text.split('\n').slice(0, -1)) {
    const words = line.trim().split(/\s+/);
    if (words.length === 1) {
      family = FAMILIES[words[0]!];
      columns = [];
    } else if (words[0] === 'Destination') {
      columns = words;
      tables++;
    } else if (words[0] === 'default' && family) {
      const at = (name: string): string | undefined => words[columns.indexOf(name)];
      const [gateway, flags, device] = [at('Gateway'), at('Flags'), at('Netif')];
      if (gateway === undefined || flags === undefined || device === undefined) continue;
      if (flags.includes('U') && !/[HI]/.test(flags)) found.push({ family, device, gateway: routerOf(gateway), metric: null });
    }
  }
  if (tables === 0) throw notUnderstood('netstat', text);
  return found;
}

/** The default routes. Throws as {@link askProgram} and {@link parseNetstatRoutes}. */
export async function readNetstatRoutes(host: Host): Promise<RouteReading[]> {
  return parseNetstatRoutes(await askProgram(host, { argv: ['/usr/sbin/netstat', '-rn'], maxBytes: 16 * 1024 * 1024 }));
}
