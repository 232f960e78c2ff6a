import type { CfTree, FakeMachine } from './machine.testing.ts';

/** A channel of IOReport, as the stand-in takes it. */
export type FakeChannel = { readonly group: string; readonly [key: string]: CfTree };

/** A counter of `Energy Model`. Labels are padded, as Apple's are. */
export const energyChannel = (name: string, value: number | bigint, unit: string = 'mJ'): FakeChannel => ({
  ...{ group: 'Energy Model', name, unit: ` ${unit} `, value },
});

/** A channel with states: how long it was in each, in ticks of 24 MHz. */
export const stateChannel = (
  group: string,
  subgroup: string,
  name: string,
  states: readonly (readonly [name: string, residency: number])[],
  unit: string = '24Mticks',
): FakeChannel => ({
  ...{ group, subgroup, name, unit: `${unit} ` },
  states: states.map(([state, residency]) => ({ name: state, residency })),
});

/** What a machine answers about the counters of its chip. Channels of one group belong into one call. */
export function ioReportOf(...channels: readonly FakeChannel[]): FakeMachine {
  const trees: Record<string, FakeChannel[]> = {};
  for (const channel of channels) (trees[`IOReport:${channel.group}`] ??= []).push(channel);
  return { trees };
}
