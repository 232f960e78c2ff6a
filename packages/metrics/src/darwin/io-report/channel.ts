import type { Darwin } from '../binding/darwin.ts';
import { readCfValue } from '../core-foundation/value.ts';

/** How long a channel was in a state. */
export interface StateResidency {
  /** `IDLE`, `DOWN`, `OFF`, `V0P5`. */
  readonly name: string;
  /** In the unit of the channel (`24Mticks`), since boot. */
  readonly residency: number;
}

/** One counter of the chip, as it stands. */
export interface Channel {
  readonly group: string;
  /** Null where the group has no parts. */
  readonly subgroup: string | null;
  readonly name: string;
  /** `mJ`, `24Mticks`, without the blanks around it; null where the channel has no label. */
  readonly unit: string | null;
  /** The counter of a simple channel; null where the library does not know it, and for one with states. */
  readonly value: number | null;
  /** The states of a channel that has some, in its order; null for a simple one. */
  readonly states: readonly StateResidency[] | null;
}

/** What a group of channels is made of. A channel does not say it itself: asked for the wrong thing, the library answers anything. */
export type ChannelKind = 'simple' | 'states';

/** What does not change of a channel. */
export interface ChannelFacts {
  readonly group: string;
  readonly subgroup: string | null;
  readonly name: string;
  readonly unit: string | null;
  readonly kind: ChannelKind;
  readonly stateNames: readonly string[];
}

/** A text of a channel, without the blanks around it; null when it has none. */
function textOf(darwin: Darwin, text: bigint): string | null {
  const value = readCfValue(darwin, text);
  const trimmed = typeof value === 'string' ? value.trim() : '';
  return trimmed === '' ? null : trimmed;
}

/** The name of a channel; empty where it has none. */
export const nameOf = (darwin: Darwin, channel: bigint): string =>
  textOf(darwin, darwin.ioReport.IOReportChannelGetChannelName(channel)) ?? '';

/** What a channel is. `kindOf` tells it by its group and its name, null for one that nobody asked for: then it is null. */
export function describeChannel(
  darwin: Darwin,
  channel: bigint,
  name: string,
  kindOf: (group: string, subgroup: string | null, name: string) => ChannelKind | null,
): ChannelFacts | null {
  const { ioReport } = darwin;
  const group = textOf(darwin, ioReport.IOReportChannelGetGroup(channel)) ?? '';
  const subgroup = textOf(darwin, ioReport.IOReportChannelGetSubGroup(channel));
  const kind = kindOf(group, subgroup, name);
  if (kind === null) return null;
  return {
    ...{ group, subgroup, kind, name },
    unit: textOf(darwin, ioReport.IOReportChannelGetUnitLabel(channel)),
    stateNames:
      kind === 'simple'
        ? []
        : Array.from(
            { length: Math.max(0, ioReport.IOReportStateGetCount(channel)) },
            (_, index) => textOf(darwin, ioReport.IOReportStateGetNameForIndex(channel, index)) ?? '',
          ),
  };
}

/** What the library counted; null for what stands for nothing: INT64_MIN (kIOReportInvalidIntValue), and UINT64_MAX, which is -1 here. */
const countOf = (value: number): number | null => (value < 0 ? null : value);

/** What a channel counts now; null for one with states of which the library does not know one. */
export function readChannel(darwin: Darwin, channel: bigint, { kind, stateNames, ...about }: ChannelFacts): Channel | null {
  const { ioReport } = darwin;
  if (kind === 'simple') return { ...about, value: countOf(ioReport.IOReportSimpleGetIntegerValue(channel, 0)), states: null };
  const states: StateResidency[] = [];
  for (let index = 0; index < stateNames.length; index++) {
    const residency = countOf(ioReport.IOReportStateGetResidency(channel, index));
    if (residency === null) return null;
    states.push({ name: stateNames[index]!, residency });
  }
  return { ...about, value: null, states };
}
