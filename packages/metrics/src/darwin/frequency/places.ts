import { compareKinds } from '../cpu-types/cpu-list.ts';
import type { ListedCpu } from '../cpu-types/cpu-list.ts';
import { compareNames } from './channel-name.ts';
import type { ChannelName } from './channel-name.ts';

/** A channel and what its name says. */
export interface NamedChannel {
  readonly channel: string;
  readonly name: ChannelName;
}

/** CPUs that share their frequency. */
export interface Cluster {
  /** The channel of it; what it would be called where there is none. */
  readonly channel: string;
  readonly kind: string;
  /** The number of the cluster in the machine; null where it is not known. */
  readonly cluster: number | null;
  /** Its CPUs; none where they are not known. */
  readonly cpus: readonly number[];
}

const ofKind = <One extends { readonly kind: string }>(all: readonly One[], kind: string): One[] => all.filter((one) => one.kind === kind);

/** The kinds of some channels or CPUs, the weakest first. */
export const kindsOf = (all: readonly { readonly kind: string }[]): string[] =>
  [...new Set(all.map(({ kind }) => kind))].toSorted(compareKinds);

/** Channels of one kind in the order in which their CPUs are numbered. */
const inOrder = (channels: readonly NamedChannel[], kind: string): NamedChannel[] =>
  channels.filter(({ name }) => name.kind === kind).toSorted((a, b) => compareNames(a.name, b.name));

/**
 * The CPUs that channels of cores are of, by the channel. Names of channels count within a cluster, CPUs in the whole machine: they belong
 * together in their order, kind by kind. A kind that has more channels than CPUs, or fewer, is left out.
 */
export function placeCores(channels: readonly NamedChannel[], cpus: readonly ListedCpu[]): ReadonlyMap<string, number> {
  const placed = new Map<string, number>();
  for (const kind of kindsOf(cpus)) {
    const own = inOrder(channels, kind);
    const theirs = ofKind(cpus, kind);
    if (own.length === theirs.length) for (const [index, { channel }] of own.entries()) placed.set(channel, theirs[index]!.cpu);
  }
  return placed;
}

/** The clusters of a kind as the device tree has them, in the order of their numbers. */
function listedClusters(cpus: readonly ListedCpu[]): { cluster: number | null; cpus: number[] }[] {
  const clusters = new Map<number | null, number[]>();
  for (const { cluster, cpu } of cpus) clusters.set(cluster, [...(clusters.get(cluster) ?? []), cpu]);
  return [...clusters].toSorted(([a], [b]) => (a ?? 0) - (b ?? 0)).map(([cluster, own]) => ({ cluster, cpus: own }));
}

/**
 * The clusters of the machine: those that have channels, with the CPUs that the device tree says; where the tree has another number of
 * them, without. Of a kind without any channel: those of the tree.
 */
export function placeClusters(channels: readonly NamedChannel[], cpus: readonly ListedCpu[]): readonly Cluster[] {
  return kindsOf([...channels.map(({ name }) => name), ...cpus]).flatMap((kind): Cluster[] => {
    const own = inOrder(channels, kind).map(({ channel }) => channel);
    const theirs = listedClusters(ofKind(cpus, kind));
    if (own.length === 0) return theirs.map((one, index) => ({ channel: `${kind}CPU${index === 0 ? '' : index}`, kind, ...one }));
    const isSame = own.length === theirs.length;
    return own.map((channel, index) => ({ channel, kind, ...(isSame ? theirs[index]! : { cluster: null, cpus: [] }) }));
  });
}
