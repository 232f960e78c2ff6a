import type { RunningProcess } from '@hecate/change';
import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { darwinProcesses, darwinSensors, openMachineOf } from '@hecate/metrics';
import { openEngineFans } from './engine-fans.ts';
import type { FanDriverOptions } from './engine-fans.ts';
import type { FanDriver } from './fan-driver.ts';
import { smcFansOf } from './smc-fans.ts';

/** Every process and the name of its program; none where nothing tells them. */
async function processesOf(host: Host): Promise<RunningProcess[]> {
  const machine = openMachineOf([darwinProcesses], host);
  try {
    const { processes } = await machine.snapshot();
    return Array.from({ length: processes?.length ?? 0 }, (_, row) => processes!.row(row));
  } finally {
    machine.close();
  }
}

/** Fans of a Mac: keys of its system management controller. */
export function openSmcFans(options: FanDriverOptions): FanDriver {
  const machine = openMachineOf([darwinSensors], options.host);
  return openEngineFans(options, {
    async read() {
      const { value, gap, gaps } = await machine.sensors();
      if (!value && gap.reason !== 'absent' && gap.reason !== 'unsupported')
        throw new HecateError('FAILED', `The sensors cannot be read. ${gap.detail}`);
      const why = value ? gaps.find(({ field }) => field === 'sensors.smc') : gap;
      const { reading, found } = smcFansOf(value ?? { chips: [] }, why ?? null);
      return { reading, found: found.map(({ fan, place }) => ({ fan, output: () => place })) };
    },
    levelOf: (level) => Math.round(level),
    remedyOf: () => undefined,
    processes: () => processesOf(options.host),
    close: () => machine.close(),
  });
}
