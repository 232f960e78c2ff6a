import type { PushInput } from './format.ts';

/** A label: name and value. */
export type Label = readonly [name: string, value: string];

const prepared = new WeakMap<PushInput['labels'], readonly Label[]>();

/**
 * The labels of the settings under names that Prometheus takes: letters, digits and `_`. Those that would begin with `__`, which it
 * keeps for itself, and those without a value, which are none for it, are left out.
 */
export function prometheusLabels(labels: PushInput['labels']): readonly Label[] {
  // The settings of an exporter are the same object at each sample.
  let known = prepared.get(labels);
  if (!known) {
    const names = new Map<string, string>();
    for (const [name, value] of Object.entries(labels)) {
      const clean = name.replaceAll(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_');
      if (clean !== '' && !clean.startsWith('__') && value !== '') names.set(clean, value);
    }
    known = [...names];
    prepared.set(labels, known);
  }
  return known;
}

/** The labels of a series and those that every series gets. One that the series has already stays, as with `external_labels` of Prometheus. */
export function withLabels(own: readonly Label[], extra: readonly Label[]): readonly Label[] {
  if (extra.length === 0) return own;
  const all = own.slice();
  for (const label of extra) {
    // A loop: this is done for each series of each sample, and closures cost more than what they do.
    let at = 0;
    while (at < own.length && own[at]![0] !== label[0]) at += 1;
    if (at === own.length) all.push(label);
  }
  return all;
}
