import type { AnyCollector } from '../model/snapshot.ts';
import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { filesystem } from './filesystem.ts';
import { host } from './host.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { power } from './power.ts';
import { processes } from './processes.ts';
import { processor } from './processor.ts';

/** What macOS can be asked, in the order of a snapshot. What is not in it is a gap: unsupported. */
export const darwinCollectors: readonly AnyCollector[] = [host, cpu, load, memory, processor, disk, filesystem, network, power, processes];
