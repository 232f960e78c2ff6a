import type { EnergyZone, EnergyZoneKind } from '../../domain/energy.ts';

/** Seconds after which a counter of what is never switched off must have moved. */
const PATIENCE = 3;

/** What takes energy as long as the machine runs. A GPU or a neural engine may well take none. */
const NEVER_OFF: ReadonlySet<EnergyZoneKind> = new Set(['cpu', 'dram']);

interface Seen {
  readonly energy: number;
  readonly since: number;
}

/**
 * Tells counters that stand still from machines that do nothing: on some versions of macOS those of the CPU, the neural engine and the
 * memory are there, but never move. `now` is a clock in seconds. Gives the zones that must not be believed, by name.
 */
export function openStuck(): (zones: readonly EnergyZone[], now: number) => ReadonlySet<string> {
  const seen = new Map<string, Seen>();
  return (zones, now) => {
    const stuck = new Set<string>();
    const still = (zone: EnergyZone): boolean => {
      if (zone.energy === 0) return true;
      const before = seen.get(zone.zone);
      if (!before || before.energy !== zone.energy) {
        seen.set(zone.zone, { energy: zone.energy ?? 0, since: now });
        return false;
      }
      return now - before.since >= PATIENCE;
    };
    const standing = zones.filter((zone) => zone.energy !== null && still(zone));
    for (const zone of standing) if (NEVER_OFF.has(zone.kind)) stuck.add(zone.zone);
    // A neural engine that takes nothing is believed where the CPU's counter moves. A cluster may sleep for long.
    const isCpuStuck = zones.some(({ kind, zone }) => kind === 'cpu' && stuck.has(zone));
    if (isCpuStuck) for (const zone of standing) if (zone.kind === 'ane' || zone.kind === 'cluster') stuck.add(zone.zone);
    return stuck;
  };
}
