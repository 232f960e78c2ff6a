import { darwinCollectors } from './darwin/index.ts';
import { linuxCollectors } from './linux/index.ts';
import type { AnyCollector } from './model/snapshot.ts';
import { unknownCollectors } from './unknown/index.ts';

/** The collectors of an operating system; none for one that is not supported. */
export function collectorsOf(platform: NodeJS.Platform): readonly AnyCollector[] {
  if (platform === 'linux') return linuxCollectors;
  return platform === 'darwin' ? darwinCollectors : unknownCollectors;
}
