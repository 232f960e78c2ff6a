import type { EnergyZone, EnergyZoneKind } from '../../domain/energy.ts';
import type { Channel } from '../io-report/channel.ts';

/** A channel of `Energy Model` that is a zone. */
export interface ZoneChannel {
  readonly kind: EnergyZoneKind;
  /** The die of an Ultra chip; 0 on others. */
  readonly die: number;
}

const PATTERNS: readonly (readonly [EnergyZoneKind, RegExp])[] = [
  // Of a whole CPU: what its clusters and cores have is in it.
  ['cpu', /^(?:DIE_(\d{1,2})_)?CPU Energy$/],
  ['gpu', /^(?:DIE_(\d{1,2})_)?GPU Energy$/],
  // `ANE`, `ANE0`; `ANE0_1` of the second die.
  ['ane', /^(?:DIE_(\d{1,2})_)?ANE\d*(?:_(\d{1,2}))?$/],
  ['dram', /^(?:DIE_(\d{1,2})_)?DRAM\d*(?:_(\d{1,2}))?$/],
  ['gpu-sram', /^(?:DIE_(\d{1,2})_)?GPU SRAM\d*(?:_(\d{1,2}))?$/],
  ['cluster', /^(?:DIE_(\d{1,2})_)?[A-Z]CPU\d?$/],
];

/** What a channel is; null for one that is no zone: of a single core, of a block that nobody can name, or one whose energy is in another. */
export function zoneChannelOf(name: string): ZoneChannel | null {
  for (const [kind, pattern] of PATTERNS) {
    const match = pattern.exec(name);
    if (match) return { kind, die: Number(match[1] ?? match[2] ?? 0) };
  }
  return null;
}

const JOULES: ReadonlyMap<string, number> = new Map([
  ['J', 1],
  ['mJ', 1e-3],
  ['uJ', 1e-6],
  ['nJ', 1e-9],
  ['pJ', 1e-12],
]);

/** Joules of one unit, by its label; null for a label that is not known. */
export function joulesPerUnit(label: string | null): number | null {
  return JOULES.get(label ?? '') ?? null;
}

/** A zone by what is counted of it. */
export function zoneOf(
  { name }: Pick<Channel, 'name'>,
  { kind, die }: ZoneChannel,
  energy: number | null,
  parent: string | null,
): EnergyZone {
  return { zone: name, name: kind, kind, parent, index: die, path: '', energy, maxEnergy: null, enabled: null, constraints: [] };
}

/** Kinds that make up a package: `powermetrics` adds these up as the combined power. */
const PARTS: ReadonlySet<EnergyZoneKind> = new Set(['cpu', 'gpu', 'ane']);
const PACKAGE = 'package';

/**
 * The zones with the package above them: energy of the package = that of the CPU, the GPU and the neural engine, over all dies. Null when
 * one of them is. Without a CPU there is no package.
 */
export function withPackage(zones: readonly EnergyZone[]): readonly EnergyZone[] {
  const parts = zones.filter(({ kind }) => PARTS.has(kind));
  if (!parts.some(({ kind }) => kind === 'cpu')) return zones;
  const energies = parts.map(({ energy }) => energy);
  const whole = energies.includes(null) ? null : energies.reduce<number>((sum, energy) => sum + energy!, 0);
  const above = zoneOf({ name: PACKAGE }, { kind: PACKAGE, die: 0 }, whole, null);
  const cpus = zones.filter(({ kind }) => kind === 'cpu');
  const parentOf = ({ kind, index }: EnergyZone): string | null => {
    if (PARTS.has(kind)) return PACKAGE;
    return kind === 'cluster' ? (cpus.find((cpu) => cpu.index === index)?.zone ?? null) : null;
  };
  return [above, ...zones.map((zone) => ({ ...zone, parent: parentOf(zone) }))];
}
