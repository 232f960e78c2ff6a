import { linuxCollectors } from './linux/index.ts';
import type { AnyCollector, CollectorName } from './model/snapshot.ts';
import { unknownCollectors } from './unknown/index.ts';

/** Every name that a snapshot has, in its order. */
export const COLLECTOR_NAMES: readonly CollectorName[] = [
  'host', 'cpu', 'load', 'pressure', 'memory', 'disk', 'block', 'filesystem', 'network', 'interface', 'processes',
];

/** The collectors of an operating system; none for one that is not supported. */
export function collectorsOf(platform: NodeJS.Platform): readonly AnyCollector[] {
  return platform === 'linux' ? linuxCollectors : unknownCollectors;
}
