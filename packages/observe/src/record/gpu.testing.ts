import type { Snapshot } from '@hecate/metrics';

/** One GPU of a snapshot. */
export type TestGpu = NonNullable<Snapshot['gpu']>[number];

/** A GPU of which nothing is known but what is given. */
export const createGpuForTest = (id: string, more: Partial<TestGpu> = {}): TestGpu => ({
  id,
  ...{ name: null, vendor: null, driver: null, card: null, uuid: null, cores: null, suspended: null, unified: null, states: [] },
  ...{ usage: null, rendererUsage: null, tilerUsage: null, mediaUsage: null, memoryUsage: null },
  ...{ memoryTotal: null, memoryUsed: null, memoryShared: null, memoryLimit: null },
  ...{ frequency: null, maxFrequency: null, memoryFrequency: null, power: null, powerLimit: null, energy: null },
  ...{ temperature: null, fan: null, fanSpeed: null, resets: null, idleTime: null },
  ...more,
});
