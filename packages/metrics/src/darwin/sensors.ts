import { setImmediate as others } from 'node:timers/promises';
import { HecateError, openSmc } from '@hecate/host';
import type { Host, Smc } from '@hecate/host';
import { sensorGroups } from '../domain/sensor-groups.ts';
import type { SensorChip, SensorsReading } from '../domain/sensors.ts';
import type { Collector, WaitingReader } from '../model/collector.ts';
import { isRefusal } from '../model/gap.ts';
import type { GapSink } from '../model/gap.ts';
import { openDarwin } from './binding/darwin.ts';
import type { Darwin } from './binding/darwin.ts';
import { hidChip } from './hid/hid-chip.ts';
import { openHidTemperatures } from './hid/temperatures.ts';
import type { HidTemperatures } from './hid/temperatures.ts';
import { isAppleSilicon } from './processor-kind.ts';
import { ask } from './reader.ts';
import { openRest } from './rest.ts';
import { smcChip } from './smc/smc-chip.ts';
import { findSmcKeys } from './smc/smc-keys.ts';
import type { SmcKeys } from './smc/smc-keys.ts';
import { requireKnownVersion } from './version.ts';

/** The controller, open as long as the reader, and what of it is read. */
interface OpenSmc {
  readonly smc: Smc;
  readonly keys: SmcKeys;
}

/** Opens the controller and looks through its keys, giving way to others now and then. */
async function startSmc(darwin: Darwin): Promise<OpenSmc> {
  const smc = openSmc(darwin.libraries);
  try {
    const search = findSmcKeys(smc, isAppleSilicon(darwin));
    for (;;) {
      const step = search.next();
      if (step.done) return { smc, keys: step.value };
      await others();
    }
  } catch (error) {
    smc.close();
    throw error;
  }
}

/** Whether the controller tells how warm the CPU and the GPU are: then the HID sensors would say the same again. */
const isEnough = ({ sensors }: SmcKeys): boolean => ['cpu', 'gpu'].every((zone) => sensors.some((one) => one.zone === zone));

/** Opens the sensors of a Mac. */
function openSensors(host: Host): WaitingReader<SensorsReading> {
  let smc: OpenSmc | null = null;
  let hid: HidTemperatures | null = null;
  let isClosed = false;
  let notes: readonly string[] = [];
  /** Of a controller that refused: looking through two thousand keys costs. */
  const rest = openRest(host.clock);
  const refuse = (error: unknown, gaps: GapSink): null => {
    if (!isRefusal(error)) throw error;
    rest.begin(error);
    gaps.addError('sensors.smc', error);
    return null;
  };
  const start = async (darwin: Darwin, gaps: GapSink): Promise<OpenSmc | null> => {
    if (rest.lasts()) {
      gaps.addError('sensors.smc', rest.refusal());
      return null;
    }
    try {
      return await startSmc(darwin);
    } catch (error) {
      return refuse(error, gaps);
    }
  };
  const readSmc = (gaps: GapSink): SensorChip[] => {
    if (!smc) return [];
    try {
      const chip = smcChip(smc.smc, smc.keys, gaps);
      rest.end();
      return [chip];
    } catch (error) {
      // Each key could be read before: it is the connection that has gone, and is opened anew after a rest.
      refuse(error, gaps);
      smc.smc.close();
      smc = null;
      return [];
    }
  };
  const readHid = (darwin: Darwin, gaps: GapSink): SensorChip[] => {
    if (smc && isEnough(smc.keys)) return [];
    const chip = ask(gaps, 'sensors.hid', () => hidChip((hid ??= openHidTemperatures(darwin)).read(), gaps));
    return chip && chip.temperatures.length > 0 ? [chip] : [];
  };
  return {
    async read(gaps) {
      const darwin = openDarwin(host);
      requireKnownVersion(darwin);
      smc ??= await start(darwin, gaps);
      if (isClosed) {
        smc?.smc.close();
        throw new HecateError('FAILED', 'The sensors were closed while they were looked for.');
      }
      const chips = readSmc(gaps);
      notes = smc ? notesOf(smc.keys) : [];
      return { chips: [...chips, ...readHid(darwin, gaps)] };
    },
    notes: () => notes,
    close() {
      isClosed = true;
      hid?.close();
      smc?.smc.close();
    },
  };
}

const notesOf = ({ count, sensors, left, fans, refused }: SmcKeys): string[] => [
  `Of the ${count} keys of the SMC ${sensors.length} are read, and ${fans.length} fans${left > 0 ? `; ${left} more temperatures are parts of what is read` : ''}.`,
  ...(refused.length > 0 ? [`The SMC refuses ${refused.join(', ')}.`] : []),
];

/** Temperatures, fans, power, voltage and current: of the system management controller, and of HID sensors where it says too little. */
export const sensors: Collector<'sensors', SensorsReading> = {
  name: 'sensors',
  lane: 'slow',
  asynchronous: true,
  sources: ['AppleSMC by IOConnectCallStructMethod', 'IOHIDEventSystemClient'],
  remedy: 'Nothing is known to help; virtual machines have no sensors, and no program of macOS tells what the libraries refuse.',
  groups: sensorGroups,
  open: (host) => openSensors(host),
};
