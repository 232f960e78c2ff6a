import type { AnyCollector } from '../model/snapshot.ts';
import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { energy } from './energy.ts';
import { filesystem } from './filesystem.ts';
import { frequency } from './frequency.ts';
import { gpuProcesses } from './gpu-processes.ts';
import { gpu } from './gpu.ts';
import { host } from './host.ts';
import { interfaces } from './interface.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { network } from './network.ts';
import { power } from './power.ts';
import { processes } from './processes.ts';
import { processor } from './processor.ts';
import { protocols } from './protocols.ts';
import { routes } from './routes.ts';
import { wifi } from './wifi.ts';
import { sensors } from './sensors.ts';
import { smart } from './smart.ts';
import { thermal } from './thermal.ts';

/** What macOS can be asked, in the order of a snapshot. What is not in it is a gap: unsupported. */
export const darwinCollectors: readonly AnyCollector[] = [
  host,
  cpu,
  load,
  memory,
  processor,
  frequency,
  disk,
  filesystem,
  smart,
  network,
  interfaces,
  protocols,
  routes,
  sensors,
  thermal,
  energy,
  power,
  gpu,
  gpuProcesses,
  wifi,
  processes,
];
