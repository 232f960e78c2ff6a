import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { powerGroups, SUPPLY_NUMBERS, SUPPLY_WORDS } from '../domain/power-groups.ts';
import { describeSupply, summarizePower } from '../domain/power.ts';
import type { PowerReading, PowerSupply } from '../domain/power.ts';
import type { Collector, WaitingReader } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { deviceFile, failureOf } from './device-files/device-file.ts';
import type { DeviceFile } from './device-files/device-file.ts';
import { listingOf, namesIn } from './device-files/device-path.ts';
import { createDevicePool, pooledDevice } from './device-files/pool.ts';
import type { PooledDevice, PoolOptions } from './device-files/pool.ts';

const POWER_SUPPLY = '/sys/class/power_supply';

/** Looked for anew at every so many reads. */
const RELIST_EVERY = 60;

/** Reads in a row that a slow battery may miss until its last values are too old. */
const STALE = 3;

const NUMBERS = new Set(SUPPLY_NUMBERS);
const WORDS = new Set(SUPPLY_WORDS);

/** What is as it is, of the numbers and words of a supply; all others change with use. */
const SETTINGS = /^(?:.*_design|.*_boot|authentic|calibrate|cycle_count|manufacturer|model_name|scope|serial_number|technology|type)$/;

interface OpenSupply {
  readonly supply: string;
  readonly files: ReadonlyMap<string, DeviceFile>;
  readonly device: PooledDevice;
}

function openSupply(host: Host, supply: string): OpenSupply {
  const files = new Map<string, DeviceFile>();
  for (const file of namesIn(host, `${POWER_SUPPLY}/${supply}`)) {
    if (!NUMBERS.has(file) && !WORDS.has(file)) continue;
    files.set(file, deviceFile(`${POWER_SUPPLY}/${supply}/${file}`, NUMBERS.has(file) ? 'number' : 'text', !SETTINGS.test(file)));
  }
  return { supply, files, device: pooledDevice([...files.values()]) };
}

/** Control characters, which some firmware has in names, become spaces. */
export function cleanWord(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}

function supplyOf({ supply, files, device }: OpenSupply, gaps: GapSink): PowerSupply {
  if (device.late > 0) gaps.add(`power.${supply}`, 'timeout', 'The supply has not answered yet; what is shown is of before.');
  const numbers: Record<string, number> = {};
  const words: Record<string, string> = {};
  for (const [file, { value, error }] of files) {
    const isCurrent = device.late <= STALE || WORDS.has(file);
    if (typeof value === 'number' && isCurrent) numbers[file] = value;
    else if (typeof value === 'string' && value !== '') words[file] = cleanWord(value);
    if (errnoOf(error) !== 'EACCES') continue;
    const { reason, detail } = failureOf(files.get(file)!);
    gaps.add(`power.${supply}.${file}`, reason, detail);
  }
  return describeSupply(supply, { numbers, words });
}

/** The supplies; none where the kernel has no such class. */
function listSupplies(host: Host): string[] {
  try {
    return host
      .list(POWER_SUPPLY)
      .filter((name) => name !== '' && !name.includes('/'))
      .toSorted();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return [];
  }
}

/** Opens the power supplies of a machine; options for tests. */
export function openPower(host: Host, options: PoolOptions = {}): WaitingReader<PowerReading> {
  const pool = createDevicePool(host, options);
  let supplies: readonly OpenSupply[] = [];
  let listing: string | null = null;
  let reads = 0;
  return {
    async read(gaps) {
      const names = listSupplies(host);
      const now = listingOf(host, POWER_SUPPLY, names);
      if (now !== listing || reads % RELIST_EVERY === 0) {
        supplies = names.map((name) => openSupply(host, name));
        listing = now;
      }
      reads++;
      await pool.read(supplies.map(({ device }) => device));
      const rows = supplies.map((supply) => supplyOf(supply, gaps));
      return { ...summarizePower(rows), supplies: rows };
    },
    // No file of it is kept open.
    close: () => {},
  };
}

/** Batteries, mains and USB supplies. */
export const power: Collector<'power', PowerReading> = {
  name: 'power',
  lane: 'slow',
  asynchronous: true,
  sources: [POWER_SUPPLY],
  remedy: 'Mount /sys.',
  groups: powerGroups,
  open: (host) => openPower(host),
};
