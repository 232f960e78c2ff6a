/** What the name of a channel of `CPU Stats` says. */
export interface ChannelName {
  /** The die of an Ultra chip; 0 on others. */
  readonly die: number;
  /** `E`, `P`, `M`, `S`. */
  readonly kind: string;
  /** The cluster among those of its kind and die. */
  readonly cluster: number;
  /** The core in its cluster; null for a cluster. */
  readonly core: number | null;
}

const NAME = /^(?:DIE_(?<die>\d{1,2})_)?(?<kind>[A-Z])CPU(?<digits>\d{0,3})(?:_CPU(?<core>\d{1,3}))?$/;

/**
 * Names of cores are `ECPU3` (M1, M2), `PCPU140` (cluster 1, core 4, a thread that is always 0: M3 and M4 with several clusters), and
 * `DIE_0_PCPU1_CPU3` (Ultra). Null for a name that is none of these.
 */
export function parseCoreName(name: string): ChannelName | null {
  const { die = '0', kind = '', digits = '', core } = NAME.exec(name)?.groups ?? {};
  if (kind === '') return null;
  if (core !== undefined) return { die: Number(die), kind, cluster: Number(digits), core: Number(core) };
  if (digits === '') return null;
  return digits.length === 3
    ? { die: Number(die), kind, cluster: Number(digits[0]), core: Number(digits[1]) }
    : { die: Number(die), kind, cluster: 0, core: Number(digits) };
}

/** Names of clusters are `ECPU`, `PCPU1`, `MCPU0`, `DIE_1_PCPU1`. Null for a name that is none of these. */
export function parseClusterName(name: string): ChannelName | null {
  const { die = '0', kind = '', digits = '', core } = NAME.exec(name)?.groups ?? {};
  return kind === '' || core !== undefined ? null : { die: Number(die), kind, cluster: Number(digits), core: null };
}

/** The order in which the CPUs of one kind are numbered: by die, cluster and core. */
export const compareNames = (a: ChannelName, b: ChannelName): number =>
  a.die - b.die || a.cluster - b.cluster || (a.core ?? 0) - (b.core ?? 0);
