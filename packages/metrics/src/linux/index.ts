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

/** Each by its own name, for programs that want some only. */
export {
  block as linuxBlock,
  cpu as linuxCpu,
  disk as linuxDisk,
  filesystem as linuxFilesystem,
  host as linuxHost,
  interfaces as linuxInterface,
  load as linuxLoad,
  memory as linuxMemory,
  network as linuxNetwork,
  pressure as linuxPressure,
  processes as linuxProcesses,
};
