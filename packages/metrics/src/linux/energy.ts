import { errnoOf } from '@hecate/host';
import type { Host, KeptFile } from '@hecate/host';
import { energyGroups, energyKindOf } from '../domain/energy.ts';
import type { EnergyReading, EnergyZone, PowerConstraint } from '../domain/energy.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributeOrNull, parseAttributeNumber } from './attribute.ts';
import { parseDeviceNumber } from './device-files/device-file.ts';
import { listingOf, namesIn } from './device-files/device-path.ts';

const POWERCAP = '/sys/class/powercap';

/** Zones and their limits are looked at anew at every so many reads: a minute at one a second. */
const RELIST_EVERY = 60;

/** A zone, all but its energy, and the file that has that. */
interface OpenZone {
  readonly about: Omit<EnergyZone, 'energy'>;
  readonly counter: KeptFile;
}

const REMEDY =
  'Since Linux 5.10 only root may read energy_uj. Run hecate as root, give it CAP_DAC_READ_SEARCH, or let a udev rule change the mode of the file.';

/** A limit; null where the zone has none with this number. Zero and nothing mean that the hardware does not say. */
function readConstraint(ask: (file: string) => string | null, number: number): PowerConstraint | null {
  const micro = (file: string): number | null => {
    const value = parseAttributeNumber(ask(`constraint_${number}_${file}`));
    return value === null || value < 0 ? null : value / 1e6;
  };
  const name = ask(`constraint_${number}_name`);
  if (name === null) return null;
  return { name, limit: micro('power_limit_uw'), timeWindow: micro('time_window_us'), max: micro('max_power_uw') || null };
}

/** Number in a name like `package-0`, otherwise how many before it have the name (node_exporter's rule). */
function indexOf(name: string, used: Map<string, number>): number {
  const match = /^([^-]*)-(\d{1,9})$/.exec(name);
  const index = match ? Number(match[2]!) : (used.get(name) ?? 0);
  used.set(match?.[1] ?? name, index + 1);
  return index;
}

/** The zones with a counter, and what hardly ever changes about them. */
function listZones(host: Host, names: readonly string[]): OpenZone[] {
  const zones: OpenZone[] = [];
  const used = new Map<string, number>();
  for (const zone of names) {
    const path = `${POWERCAP}/${zone}`;
    const files = new Set(namesIn(host, path));
    if (!files.has('energy_uj')) continue;
    const ask = (file: string): string | null => (files.has(file) ? attributeOrNull(host, `${path}/${file}`) : null);
    const name = ask('name') ?? zone;
    const enabled = ask('enabled');
    const range = parseAttributeNumber(ask('max_energy_range_uj'));
    const above = zone.slice(0, zone.lastIndexOf(':'));
    const constraints: PowerConstraint[] = [];
    for (let number = 0; files.has(`constraint_${number}_name`); number++) {
      const constraint = readConstraint(ask, number);
      if (constraint) constraints.push(constraint);
    }
    const about = {
      zone,
      name,
      kind: energyKindOf(name),
      parent: names.includes(above) && above.includes(':') ? above : null,
      index: indexOf(name, used),
      path,
      maxEnergy: range !== null && range > 0 ? range / 1e6 : null,
      enabled: enabled === null ? null : enabled === '1',
      constraints,
    };
    zones.push({ about, counter: host.keep(`${path}/energy_uj`) });
  }
  return zones;
}

function readZone({ about, counter }: OpenZone, gaps: GapSink): EnergyZone {
  let energy: number | null = null;
  try {
    const { buffer, length } = counter.readOnce();
    const micro = parseDeviceNumber(buffer, length);
    if (micro === null || micro < 0) gaps.add(`energy.zones.${about.zone}.energy`, 'error', `${counter.path} holds no number.`);
    else energy = micro / 1e6;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    if (errnoOf(error) === 'EACCES') gaps.add('energy.zones.energy', 'permission', REMEDY);
    else gaps.addError(`energy.zones.${about.zone}.energy`, error);
  }
  return { ...about, energy };
}

const NOTHING: EnergyReading = { zones: [] };

/** Energy counters of processors and memory (RAPL). Read at every tick, because they can go round within minutes and cost little. */
export const energy: Collector<'energy', EnergyReading> = {
  name: 'energy',
  lane: 'fast',
  sources: [POWERCAP],
  permission: 'Root alone since Linux 5.10.',
  remedy: REMEDY,
  groups: energyGroups,
  open(host) {
    let zones: readonly OpenZone[] = [];
    let listing: string | null = null;
    let reads = 0;
    const release = (): void => zones.forEach(({ counter }) => counter.close());
    return {
      read(gaps) {
        if (reads++ % RELIST_EVERY === 0) {
          const names = namesIn(host, POWERCAP).toSorted();
          const now = listingOf(host, POWERCAP, names);
          const found = listZones(host, names);
          // Descriptors stay open while the zones are the same; only what is said about them is new.
          const isSame = now === listing && found.length === zones.length;
          if (!isSame) release();
          zones = isSame ? found.map(({ about }, index) => ({ about, counter: zones[index]!.counter })) : found;
          listing = now;
        }
        return zones.length === 0 ? NOTHING : { zones: zones.map((zone) => readZone(zone, gaps)) };
      },
      close: release,
    };
  },
};
