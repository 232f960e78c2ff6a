import type { BoxName } from '../state.ts';
import type { Box } from '../view.ts';
import { CPU_BOX } from './cpu-box.ts';
import { DISK_BOX } from './disk-box.ts';
import { GPU_BOX } from './gpu-box.ts';
import { MEMORY_BOX } from './memory-box.ts';
import { NETWORK_BOX } from './network-box.ts';
import { SENSOR_BOX } from './sensor-box.ts';

/** Every box but that of the processes, by its name. */
export const MACHINE_BOXES: Readonly<Record<Exclude<BoxName, 'processes'>, Box>> = {
  cpu: CPU_BOX,
  memory: MEMORY_BOX,
  disk: DISK_BOX,
  network: NETWORK_BOX,
  sensor: SENSOR_BOX,
  gpu: GPU_BOX,
};
