import type { Host } from '@hecate/host';
import type { GpuProcess } from '../../domain/gpu-processes.ts';
import type { GpuReading } from '../../domain/gpu.ts';
import type { GapSink } from '../../model/gap.ts';
import { attributeOrNull, listMatching } from '../attribute.ts';
import { isSuspended, maySleep } from './card.ts';
import type { Told } from './drivers.ts';
import { askDevice, listDeviceProcesses } from './nvidia-device.ts';
import { deviceOf, openNvidiaSessions } from './nvidia-session.ts';

/** The devices that NVIDIA's driver drives. */
const DRIVER = '/sys/bus/pci/drivers/nvidia';
/** Seconds between two questions to cards that may sleep: each keeps them awake for some. */
const REST = 30;

type ToldGpu = Told & Pick<GpuReading, 'id'>;

/** NVIDIA's cards, through its library, which is loaded only on a machine whose devices its driver drives. */
export interface Nvidia {
  /**
   * What each card tells. None where its driver drives nothing. Cards that may sleep are asked every half minute only; in between they are
   * as they were, but for counters, which would make a rate of nothing.
   */
  read(gaps: GapSink): readonly ToldGpu[];
  /** What processes hold of each. */
  readProcesses(gaps: GapSink): readonly GpuProcess[];
  close(): void;
}

/** Opens nothing yet. */
export function openNvidia(host: Host): Nvidia {
  const sessions = openNvidiaSessions(host);
  let last: readonly ToldGpu[] = [];
  let askAt = Number.NEGATIVE_INFINITY;
  const about = (id: string): ToldGpu => ({ id, vendor: 'nvidia', driver: 'nvidia', suspended: isSuspended(host, deviceOf(id)) });
  const listIds = (): string[] => listMatching(host, DRIVER, /^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[\da-f]$/i);
  return {
    read(gaps) {
      const ids = listIds();
      if (ids.length === 0) return [];
      const now = host.clock.monotonic();
      const rests = ids.some((id) => maySleep(host, deviceOf(id)));
      const isAwake = ids.every((id) => isSuspended(host, deviceOf(id)) !== true);
      if (rests && isAwake && now < askAt) return last;
      const told =
        sessions.use('gpu.nvidia', gaps, ids, ({ nvml, devices }) =>
          devices.map(({ id, handle }): ToldGpu => ({ ...about(id), ...askDevice(nvml, handle), ...(rests ? { energy: null } : {}) })),
        ) ?? [];
      last = [...told, ...ids.filter((id) => !told.some((one) => one.id === id)).map(about)];
      // What slept was not asked: it is as soon as all are awake.
      if (isAwake) askAt = now + REST;
      return last;
    },
    readProcesses(gaps) {
      const ids = listIds();
      if (ids.length === 0) return [];
      const nameOf = (pid: number): string | null => attributeOrNull(host, `/proc/${pid}/comm`);
      const found = sessions.use('gpuprocesses.nvidia', gaps, ids, ({ nvml, devices }) =>
        devices.flatMap(({ id, handle }) => listDeviceProcesses(nvml, id, handle, (pid) => nameOf(pid) !== null)),
      );
      return (found ?? []).map((row) => ({ ...row, name: nameOf(row.pid) }));
    },
    close: () => sessions.close(),
  };
}
