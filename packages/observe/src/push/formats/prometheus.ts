import { createFamilyMemory, familiesOf } from '../../export/families.ts';
import type { Family, FamilyMemory } from '../../export/families.ts';
import { encodeFamily } from '../../export/prometheus.ts';
import type { PushFormat, PushInput } from '../format.ts';
import { prometheusLabels, withLabels } from '../labels.ts';
import { nameFilter } from '../name-filter.ts';

/** What one exporter had before: families of readings that are the same ones come again as the same objects, and are the same text. */
const known = new WeakMap<PushInput['labels'], { readonly memory: FamilyMemory; readonly texts: WeakMap<Family, string> }>();

/**
 * Prometheus text, as node_exporter's textfile collector reads it: a file that is replaced as a whole. Without timestamps, which that
 * collector refuses; so it does not say when it was taken.
 */
export const prometheus: PushFormat = {
  headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
  timeless: true,
  replaces: true,
  encode(input) {
    const extra = prometheusLabels(input.labels);
    let before = known.get(input.labels);
    if (!before) known.set(input.labels, (before = { memory: createFamilyMemory(), texts: new WeakMap() }));
    let text = '';
    for (const family of familiesOf(input.frame.snapshot, input.platform, nameFilter(input), before.memory)) {
      let piece = before.texts.get(family);
      if (piece === undefined) {
        const samples = family.samples.map(({ labels, value }) => ({ labels: withLabels(labels, extra), value }));
        before.texts.set(family, (piece = encodeFamily({ ...family, samples })));
      }
      text += piece;
    }
    return Buffer.from(text);
  },
  join: (chunks) => chunks.at(-1)!,
};
