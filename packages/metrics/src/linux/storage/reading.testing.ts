import type { Host } from '@hecate/host';
import { finish, isSliced } from '../../model/collector.ts';
import type { Collector } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import type { Field, Group } from '../../model/field.ts';
import { createTree } from '../rooted-tree.testing.ts';
import type { Tree } from '../rooted-tree.testing.ts';

/** What one read of a collector gave, and what it could not read. */
export interface Once<Reading> {
  readonly reading: Reading;
  readonly gaps: readonly Gap[];
}

/** Opens a collector, reads once and closes it. */
export async function readOnce<Reading>(collector: Collector<string, Reading>, host: Host): Promise<Once<Reading>> {
  const reader = collector.open(host);
  const gaps: Gap[] = [];
  try {
    const read = reader.read(collectGaps(gaps));
    return { reading: isSliced(read) ? finish(read) : await read, gaps };
  } finally {
    reader.close();
  }
}

/** {@link readOnce} of a machine of files. */
export async function readTree<Reading>(collector: Collector<string, Reading>, files: Tree): Promise<Once<Reading>> {
  const tree = createTree(files);
  try {
    return await readOnce(collector, tree.host);
  } finally {
    tree.remove();
  }
}

/** A property as the label that it becomes. */
const label = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

const labelsOf = (group: Group<never>, field: Field<never> | null, row: Record<string, unknown>): string => {
  const properties = { ...group.labels, ...field?.prometheus?.properties };
  const labels = Object.entries(properties).map(([name, property]) => [name, label(row[property])]);
  labels.push(...Object.entries(field?.prometheus?.labels ?? {}));
  return labels.map(([name, value]) => `${name}=${value}`).join(' ');
};

/** The Prometheus samples of a family as `label=value label=value number`, in the order of the rows. */
export function samplesOf<Reading>(groups: readonly Group<Reading>[], reading: Reading, name: string): string[] {
  return (groups as readonly Group<never>[]).flatMap((group) =>
    ([...group.rows(reading as never)] as Record<string, unknown>[]).flatMap((row) => {
      const lines: string[] = [];
      if (group.open?.name(row as never) === name) lines.push(`${labelsOf(group, null, row)} ${group.open.value(row as never)}`.trim());
      for (const field of group.fields) {
        if (field.prometheus?.name !== name) continue;
        const plain = row[field.key];
        const value = field.prometheus.value
          ? field.prometheus.value(row as never)
          : field.kind === 'info'
            ? plain === null
              ? null
              : 1
            : plain;
        if (value !== null && value !== undefined) lines.push(`${labelsOf(group, field, row)} ${Number(value)}`.trim());
      }
      return lines;
    }),
  );
}
