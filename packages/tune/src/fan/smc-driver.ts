import { HecateError } from '@hecate/host';
import { darwinSensors, openMachineOf } from '@hecate/metrics';
import { openEngineFans } from './engine-fans.ts';
import type { FanDriverOptions } from './engine-fans.ts';
import type { FanDriver } from './fan-driver.ts';
import { smcFansOf } from './smc-fans.ts';

/** Fans of a Mac: keys of its system management controller. */
export function openSmcFans(options: FanDriverOptions): FanDriver {
  const machine = openMachineOf([darwinSensors], options.host);
  return openEngineFans(options, {
    async read() {
      const { value, gap, gaps } = await machine.sensors();
      if (!value && gap.reason !== 'absent' && gap.reason !== 'unsupported')
        throw new HecateError('FAILED', `The sensors cannot be read. ${gap.detail}`);
      const { reading, found } = smcFansOf(
        value ?? { chips: [] },
        value ? (gaps.find(({ field }) => field === 'sensors.smc')?.detail ?? null) : gap.detail,
      );
      return { reading, found: found.map(({ fan, place }) => ({ fan, output: () => place })) };
    },
    levelOf: (level) => Math.round(level),
    remedyOf: () => undefined,
    close: () => machine.close(),
  });
}
