import type { Sample } from './prometheus.ts';

/** The samples of a page by their names. */
export interface Series {
  has(name: string): boolean;
  /** Whether any name begins like this. */
  hasPrefix(prefix: string): boolean;
  /** All samples of a name. */
  all(name: string): readonly Sample[];
  /**
   * The value of the first sample of this name that has these labels; null when there is none or it is not finite.
   * Labels that are not asked for may have any value.
   */
  value(name: string, labels?: Readonly<Record<string, string>>): number | null;
}

/** Sorts samples by name. */
export function seriesOf(samples: readonly Sample[]): Series {
  const byName = new Map<string, Sample[]>();
  for (const sample of samples) {
    const same = byName.get(sample.name);
    if (same) same.push(sample);
    else byName.set(sample.name, [sample]);
  }
  const all = (name: string): readonly Sample[] => byName.get(name) ?? [];
  return {
    has: (name) => byName.has(name),
    hasPrefix: (prefix) => [...byName.keys()].some((name) => name.startsWith(prefix)),
    all,
    value(name, labels = {}) {
      const wanted = Object.entries(labels);
      const found = all(name).find((sample) => wanted.every(([key, value]) => sample.labels.get(key) === value));
      return found && Number.isFinite(found.value) ? found.value : null;
    },
  };
}
