import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import type { Scope } from '../binding/prototypes.ts';
import { mapArray } from '../core-foundation/array.ts';
import { createText } from '../core-foundation/create.ts';
import { openScope, withScope } from '../core-foundation/scope.ts';
import { describeChannel, nameOf, readChannel } from './channel.ts';
import type { Channel, ChannelFacts, ChannelKind } from './channel.ts';

/** Channels to subscribe to: those of a group, or of a part of it. */
export interface WantedChannels {
  /** `Energy Model`, `CPU Stats`, `GPU Stats`. */
  readonly group: string;
  /** `CPU Core Performance States`; null for all of the group. */
  readonly subgroup: string | null;
  readonly kind: ChannelKind;
  /** Whether a channel of that name is read; all are without it. */
  readonly isWanted?: (name: string) => boolean;
}

/** A subscription to channels of the chip. */
export interface IoReport {
  /** The channels as they stand, in an order that stays. Throws FAILED when the library gives no sample, and when it is closed. */
  read(): readonly Channel[];
  /** Gives the subscription back. */
  close(): void;
}

/** Where a dictionary of channels keeps them. */
export const CHANNELS = 'IOReportChannels';

/** The array of channels in a dictionary of the library; 0 when it has none. It belongs to the dictionary. */
export function channelsIn({ coreFoundation: cf }: Darwin, dictionary: bigint, key: bigint): bigint {
  const array = cf.CFDictionaryGetValue(dictionary, key);
  return array !== 0n && cf.CFGetTypeID(array) === cf.CFArrayGetTypeID() ? array : 0n;
}

/** The channels of all groups in one dictionary that may be changed; null when this Mac has none of them. It belongs to `scope`. */
function collectChannels(darwin: Darwin, scope: Scope, wanted: readonly WantedChannels[], key: bigint): bigint | null {
  const { coreFoundation: cf, ioReport } = darwin;
  return withScope(darwin, (own) => {
    const textOf = (text: string | null): bigint => (text === null ? 0n : createText(darwin, own, text));
    let all = 0n;
    for (const { group, subgroup } of wanted) {
      const found = ioReport.IOReportCopyChannelsInGroup(own, textOf(group), textOf(subgroup), 0, 0, 0);
      if (found === 0n || channelsIn(darwin, found, key) === 0n) continue;
      if (all === 0n) all = found;
      else ioReport.IOReportMergeChannels(all, found, 0n);
    }
    if (all === 0n) return null;
    return cf.CFDictionaryCreateMutableCopy(scope, 0n, 0, all);
  });
}

/** What is known of the channels of a subscription by their place. One whose name is another is looked at anew. */
function openDescriptions(darwin: Darwin, wanted: readonly WantedChannels[]): (channel: bigint, index: number) => ChannelFacts | null {
  const kindOf = (group: string, subgroup: string | null, name: string): ChannelKind | null =>
    wanted.find(
      (one) =>
        one.group === group && (one.subgroup === null || one.subgroup === subgroup) && (one.isWanted === undefined || one.isWanted(name)),
    )?.kind ?? null;
  const known: { readonly name: string; readonly facts: ChannelFacts | null }[] = [];
  return (channel, index) => {
    const name = nameOf(darwin, channel);
    const before = known[index];
    const isSame =
      before?.name === name &&
      (before.facts?.kind !== 'states' || before.facts.stateNames.length === darwin.ioReport.IOReportStateGetCount(channel));
    if (isSame) return before.facts;
    const facts = describeChannel(darwin, channel, name, kindOf);
    known[index] = { name, facts };
    return facts;
  };
}

/**
 * Subscribes to counters of the chip. Nobody is called back: each read asks for one sample and walks it.
 * Throws UNSUPPORTED where this Mac has no such channels, as a virtual machine, FAILED where it lets nobody subscribe.
 */
export function openIoReport(darwin: Darwin, wanted: readonly WantedChannels[]): IoReport {
  const { ioReport } = darwin;
  const scope = openScope(darwin);
  const names = [...new Set(wanted.map(({ group }) => group))].join(', ');
  try {
    const key = createText(darwin, scope, CHANNELS);
    const channels = collectChannels(darwin, scope, wanted, key);
    if (channels === null) throw new HecateError('UNSUPPORTED', `This Mac counts nothing in the group ${names} of IOReport.`);
    // The library writes here which channels it took. Who owns that is not known: it is left alone, one small object a subscription.
    const subscribed = nativeBuffer(8);
    const subscription = ioReport.IOReportCreateSubscription(scope, 0n, channels, subscribed, 0, 0n);
    if (subscription === 0n) throw new HecateError('FAILED', `IOReportCreateSubscription gave nothing for ${names}.`);
    const describe = openDescriptions(darwin, wanted);
    let isOpen = true;
    return {
      read: () =>
        withScope(darwin, (own) => {
          // What the library is given then was released: on a Mac it would end the program.
          if (!isOpen) throw new HecateError('FAILED', `The counters of ${names} were given back.`);
          const sample = ioReport.IOReportCreateSamples(own, subscription, channels, 0n);
          const array = sample === 0n ? 0n : channelsIn(darwin, sample, key);
          if (array === 0n) throw new HecateError('FAILED', `IOReportCreateSamples gave nothing for ${names}.`);
          const read = mapArray(darwin, array, (channel, index) => {
            const facts = describe(channel, index);
            return facts && readChannel(darwin, channel, facts);
          });
          return read.filter((channel) => channel !== null);
        }),
      close() {
        isOpen = false;
        scope.close();
      },
    };
  } catch (error) {
    scope.close();
    throw error;
  }
}
