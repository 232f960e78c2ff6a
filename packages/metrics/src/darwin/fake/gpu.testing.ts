import { ioReportOf, stateChannel } from './io-report.testing.ts';
import { int, merge } from './machine.testing.ts';
import type { CfTree, FakeMachine, RegistryEntry } from './machine.testing.ts';

/** A user client of a GPU: who made it, and the nanoseconds that it counts, of each API. */
export interface FakeGpuClient {
  readonly creator: string;
  readonly nanoseconds: readonly number[];
}

/** A GPU: its accelerator, the PCI device that it drives, its clients. Properties by their own names. */
export interface FakeGpu {
  /** `AGXAcceleratorG13G`. */
  readonly driver: string;
  readonly properties: { readonly [key: string]: CfTree };
  /** Absent on Apple silicon, where it is none. */
  readonly device?: { readonly [key: string]: CfTree };
  readonly clients?: readonly FakeGpuClient[];
  /** What reading the accelerator gives back; 0 is success. */
  readonly result?: number;
}

/** Entries for GPUs: device, accelerator, clients, and a child that is none. */
export function gpusOf(gpus: readonly FakeGpu[]): FakeMachine {
  const registry: RegistryEntry[] = [];
  for (const { driver, properties, device, clients = [], result = 0 } of gpus) {
    const parent = registry.length;
    registry.push(
      device
        ? { name: 'GFX0', classes: ['IOPCIDevice'], properties: device }
        : { name: 'sgx', classes: ['AppleARMIODevice'], properties: { compatible: 'gpu' } },
    );
    const accelerator = registry.length;
    registry.push({
      ...{ name: driver, classes: [driver, 'IOAccelerator'], parent, result },
      properties: { IOClass: driver, ...properties },
    });
    registry.push({ name: 'IOReportHub', classes: ['IOService'], parent: accelerator, properties: { IOReportLegend: [1, 2] } });
    for (const { creator, nanoseconds } of clients)
      registry.push({
        ...{ name: 'AGXDeviceUserClient', classes: ['AGXDeviceUserClient', 'IOUserClient'], parent: accelerator },
        properties: {
          IOUserClientCreator: creator,
          AppUsage: nanoseconds.map((time) => ({ API: 'Metal', accumulatedGPUTime: time, lastSubmittedTime: 1 })),
        },
      });
  }
  return { registry };
}

/** The limit of the GPU's memory that somebody set, in megabytes. */
export const gpuLimit = (megabytes: number): FakeMachine => ({ answers: { 'sysctl:iogpu.wired_limit_mb': int(megabytes) } });

/** The GPU of a chip of Apple's, with the seconds that it was off and then in each of its states, and the nanoseconds of its client. */
export const appleGpuOf = (
  driver: string,
  model: string,
  cores: number,
  seconds: readonly number[],
  nanoseconds: number = 1_000_000_000,
): FakeMachine =>
  merge(
    gpusOf([
      {
        driver,
        properties: {
          ...{ model, 'gpu-core-count': cores },
          PerformanceStatistics: {
            ...{ 'Device Utilization %': 12, 'Renderer Utilization %': 11, 'Tiler Utilization %': 3, recoveryCount: 0 },
            ...{ 'In use system memory': 900_000_000, 'Alloc system memory': 3_000_000_000 },
          },
        },
        clients: [{ creator: 'pid 391, WindowServer', nanoseconds: [nanoseconds] }],
      },
    ]),
    statesOfGpu(seconds),
  );

const TICKS = 24e6;

/** The channel that counts how long the GPU was off (the first) and in each of its states, and one that is not asked for. */
export const statesOfGpu = (seconds: readonly number[], unit?: string): FakeMachine =>
  ioReportOf(
    stateChannel(
      'GPU Stats',
      'GPU Performance States',
      'GPUPH',
      seconds.map((time, index) => [index === 0 ? 'OFF' : `P${index}`, Math.round(time * TICKS)]),
      unit,
    ),
    stateChannel('GPU Stats', 'GPU Performance States', 'BSTGPUPH', [['OFF', 5]]),
  );
