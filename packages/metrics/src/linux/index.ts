import type { AnyCollector } from '../model/snapshot.ts';
import { block } from './block.ts';
import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { filesystem } from './filesystem.ts';
import { host } from './host.ts';
import { interfaces } from './interface.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { pressure } from './pressure.ts';
import { processes } from './processes.ts';

/** What Linux can be asked, in the order in which it is read and printed. */
export const linuxCollectors: readonly AnyCollector[] = [
  host,
  cpu,
  load,
  pressure,
  memory,
  disk,
  block,
  filesystem,
  network,
  interfaces,
  processes,
];
