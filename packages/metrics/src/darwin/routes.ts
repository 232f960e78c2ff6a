import { routesGroups } from '../domain/routes.ts';
import type { RouteReading } from '../domain/routes.ts';
import type { Collector } from '../model/collector.ts';
import { withPrograms } from './fallback.ts';
import { listInterfaces } from './network/interface-list.ts';
import { listDefaultRoutes } from './network/route-list.ts';
import { ask, lacks, openReader } from './reader.ts';
import { routesTier } from './text/network-tiers.ts';

/** The interfaces by which packets leave: the default route of each family. */
export const routes: Collector<'routes', readonly RouteReading[]> = {
  name: 'routes',
  lane: 'slow',
  sources: ['sysctl net.route NET_RT_DUMP', 'sysctl net.route NET_RT_IFLIST2', 'else netstat(1)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: routesGroups,
  open: (machine) =>
    withPrograms(
      machine,
      openReader(machine, (darwin) => (gaps) => {
        lacks(gaps, ['routes.metric'], 'macOS orders its networks itself and has one default route of each family.');
        const names = new Map(listInterfaces(darwin).map(({ index, name }) => [index, name]));
        return (['ipv4', 'ipv6'] as const).flatMap((family) =>
          (ask(gaps, `routes.${family}`, () => listDefaultRoutes(darwin, family)) ?? []).flatMap(({ index, ...route }): RouteReading[] => {
            const device = names.get(index);
            return device === undefined ? [] : [{ device, ...route }];
          }),
        );
      }),
      routesTier,
    ),
};
