import type { Host } from '@hecate/host';
import { bcachefsGroups } from '../domain/bcachefs.ts';
import type { BcachefsDevice, BcachefsReading } from '../domain/bcachefs.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching, readOptional } from './attribute.ts';
import {
  parseCompression,
  parseCounter,
  parseErrors,
  parseIoDone,
  parseIoErrors,
  parseShortNumber,
  parseWrites,
} from './storage/bcachefs.ts';

const FOLDER = '/sys/fs/bcachefs';

function readDevice(host: Host, folder: string, field: string, device: string, gaps: GapSink): BcachefsDevice {
  const file = attributesOf(host, folder, field, gaps);
  return {
    device,
    label: file.text('label') || null,
    state: file.text('state') || null,
    bucketSize: parseShortNumber(file.text('bucket_size') ?? undefined),
    buckets: file.number('nbuckets'),
    durability: file.number('durability'),
    io: parseIoDone(readOptional(host, `${folder}/io_done`, `${field}.io_done`, gaps) ?? ''),
    errors: parseIoErrors(readOptional(host, `${folder}/io_errors`, `${field}.io_errors`, gaps) ?? ''),
  };
}

function* readFilesystem(host: Host, uuid: string, gaps: GapSink): Sliced<BcachefsReading> {
  const folder = `${FOLDER}/${uuid}`;
  const field = `bcachefs.${uuid}`;
  const text = (name: string): string => readOptional(host, `${folder}/${name}`, `${field}.${name.replaceAll('/', '.')}`, gaps) ?? '';
  const counters: Record<string, number> = {};
  for (const name of listMatching(host, `${folder}/counters`, /^[a-z]\w*$/)) {
    const value = parseCounter(text(`counters/${name}`));
    if (value !== null) counters[name] = value;
    // There are some hundred of them.
    yield;
  }
  const devices: BcachefsDevice[] = [];
  for (const name of listMatching(host, folder, /^dev-\d+$/)) {
    devices.push(readDevice(host, `${folder}/${name}`, `${field}.${name}`, name.slice('dev-'.length), gaps));
    yield;
  }
  return {
    uuid,
    indexCacheSize: parseShortNumber(text('btree_cache_size').trim()),
    counters,
    compression: parseCompression(text('compression_stats')),
    errors: parseErrors(text('errors')),
    writes: parseWrites(text('btree_write_stats')),
    devices,
  };
}

/** Mounted bcachefs file systems. */
export const bcachefs: Collector<'bcachefs', readonly BcachefsReading[]> = {
  name: 'bcachefs',
  lane: 'slow',
  sources: [FOLDER],
  remedy: 'Mount /sys.',
  groups: bcachefsGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: BcachefsReading[] = [];
      for (const uuid of listMatching(host, FOLDER, /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/)) {
        readings.push(yield* readFilesystem(host, uuid, gaps));
      }
      return readings;
    },
    close: () => {},
  }),
};
