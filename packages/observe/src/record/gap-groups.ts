import type { Gap, GapReason } from '@hecate/metrics';

/** What could not be read for one reason. */
export interface GapGroup {
  /** Whole collectors, or fields of one: the first by its whole path, the others without the name of the collector. */
  readonly fields: readonly string[];
  readonly reason: GapReason;
  readonly detail: string;
}

/**
 * Gaps with those together that have one reason: fields of a collector, and collectors that are missing whole. A system that lacks fifty
 * of them says so once. In the order of the first of each.
 */
export function groupGaps(gaps: readonly Gap[]): GapGroup[] {
  const groups = new Map<string, { readonly fields: string[]; readonly reason: GapReason; readonly detail: string }>();
  for (const { field, reason, detail } of gaps) {
    const [collector = field] = field.split('.', 1);
    const isWhole = collector === field;
    const key = JSON.stringify([isWhole ? null : collector, reason, detail]);
    const group = groups.get(key);
    if (group) group.fields.push(isWhole ? field : field.slice(collector.length + 1));
    else groups.set(key, { fields: [field], reason, detail });
  }
  return [...groups.values()];
}
