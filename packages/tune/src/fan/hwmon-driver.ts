import { realMachinePath } from '@hecate/change';
import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { linuxSensors, openMachineOf } from '@hecate/metrics';
import { openEngineFans } from './engine-fans.ts';
import type { DrivenFan, FanDriverOptions } from './engine-fans.ts';
import type { FanDriver } from './fan-driver.ts';
import { fansOf } from './hwmon-fans.ts';
import type { HwmonFan, HwmonReading } from './hwmon-fans.ts';

/** Of drivers that refuse root too, what helps. */
const REMEDIES: Readonly<Record<string, string>> = {
  thinkpad: 'Load its driver with thinkpad_acpi fan_control=1.',
  dell_smm: 'Its driver may not know how to keep the firmware of this model away: Documentation/hwmon/dell-smm-hwmon.rst.',
};

/** Fans of Linux: PWM outputs of hwmon chips. */
export function openHwmonFans(options: FanDriverOptions): FanDriver {
  const { host } = options;
  const machine = openMachineOf([linuxSensors], host);
  const read = async (): Promise<HwmonReading> => {
    const { value, gap } = await machine.sensors();
    if (value) return fansOf(value);
    if (gap.reason === 'absent' || gap.reason === 'unsupported')
      return { reading: { fans: [], temperatures: [], none: gap.detail }, found: [] };
    throw new HecateError('FAILED', `The sensors cannot be read. ${gap.detail}`);
  };
  return openEngineFans<DrivenFan & Pick<HwmonFan, 'chip'>>(options, {
    async read() {
      const { reading, found } = await read();
      const driven = found.map((one) => ({
        fan: one.fan,
        chip: one.chip,
        output: () => (one.output === null ? null : placeOf(host, one)),
      }));
      return { reading, found: driven };
    },
    levelOf: (level) => Math.round(level * 255),
    remedyOf: ({ chip }) => REMEDIES[chip.name ?? ''],
    close: () => machine.close(),
  });
}

/** Where an output lies, by its device: drivers of old have their files there, and the others below it. */
function placeOf(host: Host, { chip, output, fan: { id } }: HwmonFan): string {
  for (const directory of [`/sys/class/hwmon/${chip.chip}`, ...(chip.device === null ? [] : [chip.device])]) {
    try {
      return realMachinePath(host, `${directory}/${output}`);
    } catch (error) {
      if (errnoOf(error) === undefined) throw error;
    }
  }
  throw new HecateError('UNAVAILABLE', `The output ${output} of ${id} is not there any more.`);
}
