import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** One cache of kernel objects. */
export interface SlabReading {
  /** `dentry`, `kmalloc-512`. */
  readonly slab: string;
  /** Objects in use, and all that there is room for. */
  readonly active: number;
  readonly objects: number;
  /** Bytes of an object. */
  readonly objectSize: number;
  readonly objectsPerSlab: number;
  readonly pagesPerSlab: number;
}

const field = (key: Exclude<keyof SlabReading, 'slab'>, unit: 'count' | 'bytes', help: string, name: string): Field<SlabReading> => ({
  key,
  kind: 'gauge',
  unit,
  help,
  prometheus: { name },
});

/** Fields of the `slab` collector. */
export const slabGroups = (): readonly Group<readonly SlabReading[]>[] => [
  group<readonly SlabReading[], SlabReading>({
    name: 'slab',
    source: '/proc/slabinfo',
    rows: (reading) => reading,
    labels: { slab: 'slab' },
    fields: [
      field('active', 'count', 'Objects in use.', 'node_slabinfo_active_objects'),
      field('objects', 'count', 'Objects that there is room for.', 'node_slabinfo_objects'),
      field('objectSize', 'bytes', 'Size of an object.', 'node_slabinfo_object_size_bytes'),
      field('objectsPerSlab', 'count', 'Objects in a slab.', 'node_slabinfo_objects_per_slab'),
      field('pagesPerSlab', 'count', 'Pages of a slab.', 'node_slabinfo_pages_per_slab'),
    ],
  }),
];
