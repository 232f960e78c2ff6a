import { errnoOf } from '@hecate/host';
import { drbdGroups } from '../domain/drbd.ts';
import type { DrbdReading } from '../domain/drbd.ts';
import type { Collector } from '../model/collector.ts';

/** Sizes in /proc/drbd are in KiB. */
const KIB = 1024;

function toReading(minor: string, words: ReadonlyMap<string, string>): DrbdReading {
  const count = (key: string): number | null => {
    const text = words.get(key) ?? '';
    return /^\d{1,20}$/.test(text) ? Number(text) : null;
  };
  const bytes = (key: string): number | null => {
    const kib = count(key);
    return kib === null ? null : kib * KIB;
  };
  const [role = [], disk = []] = ['ro', 'ds'].map((key) => words.get(key)?.split('/'));
  return {
    device: `drbd${minor}`,
    connection: words.get('cs') || null,
    nodes: (['local', 'remote'] as const).map((node, index) => ({ node, role: role[index] || null, disk: disk[index] || null })),
    sentBytes: bytes('ns'),
    receivedBytes: bytes('nr'),
    writtenBytes: bytes('dw'),
    readBytes: bytes('dr'),
    activityLogWrites: count('al'),
    bitmapWrites: count('bm'),
    localPending: count('lo'),
    remotePending: count('pe'),
    unacknowledged: count('ua'),
    applicationPending: count('ap'),
    epochs: count('ep'),
    outOfSync: bytes('oos'),
  };
}

/**
 * /proc/drbd (kernel: drivers/block/drbd/drbd_proc.c, until 5.18, and DRBD 8.4): words `key:value`, of which one
 * that is a number and a colon begins a device. DRBD 9 lists none there.
 */
export function parseDrbd(content: string): DrbdReading[] {
  const devices: [minor: string, words: Map<string, string>][] = [];
  for (const word of content.split(/\s+/)) {
    const minor = /^(\d{1,10}):$/.exec(word)?.[1];
    if (minor !== undefined) devices.push([minor, new Map()]);
    const [, key, value] = /^([a-z]+):([^:]+)$/.exec(word) ?? [];
    if (key !== undefined && value !== undefined) devices.at(-1)?.[1].set(key, value);
  }
  return devices.map(([minor, words]) => toReading(minor, words));
}

/** Devices that are replicated to another machine. */
export const drbd: Collector<'drbd', readonly DrbdReading[]> = {
  name: 'drbd',
  lane: 'slow',
  sources: ['/proc/drbd'],
  remedy: 'Mount /proc.',
  groups: drbdGroups,
  open: (host) => ({
    read() {
      try {
        return parseDrbd(host.readText('/proc/drbd'));
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return [];
        throw error;
      }
    },
    close: () => {},
  }),
};
