import { createFamilyMemory, familiesOf } from '../../export/families.ts';
import type { FamilyMemory } from '../../export/families.ts';
import type { PushFormat, PushInput } from '../format.ts';
import { prometheusLabels } from '../labels.ts';
import { nameFilter } from '../name-filter.ts';
import { joinElements } from '../snappy-elements.ts';
import { createSeriesTemplate, encodeVarint, fillTemplate, isTemplateOf } from './series-template.ts';
import type { EncodedLabels, SeriesSettings, SeriesTemplate } from './series-template.ts';

/** What lies ready for one exporter: the series of each family. */
interface Ready {
  families: Map<string, SeriesTemplate>;
  readonly settings: SeriesSettings;
  /** Families of readings that are the same ones come again as the same objects. */
  readonly memory: FamilyMemory;
}

const ready = new WeakMap<PushInput['labels'], Ready>();

/** Milliseconds; a clock before 1970 counts as 1970. */
const milliseconds = (time: number): number => Math.max(0, Math.round(time * 1000));

/** A chunk begins with the number of bytes that it unpacks to, in four bytes; the elements follow. */
const CHUNK_HEADER = 4;

/**
 * Prometheus remote write 1.0: a WriteRequest of protobuf under snappy. Requests that follow each other are one request, and so are
 * the elements of snappy; that is why chunks can be joined as they are.
 */
export const remoteWrite: PushFormat = {
  headers: {
    'Content-Type': 'application/x-protobuf',
    'Content-Encoding': 'snappy',
    'X-Prometheus-Remote-Write-Version': '0.1.0',
  },
  encode(input) {
    const { snapshot } = input.frame;
    const time = Uint8Array.from(encodeVarint(milliseconds(snapshot.time)));
    let known = ready.get(input.labels);
    if (known?.settings.width !== time.length) {
      const settings = { extra: prometheusLabels(input.labels), width: time.length, encoded: new WeakMap() };
      ready.set(input.labels, (known = { families: new Map(), settings, memory: createFamilyMemory() }));
    }
    const families: Ready['families'] = new Map();
    const parts: Buffer[] = [Buffer.alloc(CHUNK_HEADER)];
    let rawLength = 0;
    let before: EncodedLabels = [];
    for (const family of familiesOf(snapshot, input.platform, nameFilter(input), known.memory)) {
      let template = known.families.get(family.name);
      if (!template || !isTemplateOf(template, family, before)) template = createSeriesTemplate(family, before, known.settings);
      families.set(family.name, template);
      fillTemplate(template, family, time);
      parts.push(template.bytes);
      rawLength += template.rawLength;
      before = template.last;
    }
    known.families = families;
    if (rawLength === 0) return Buffer.alloc(0);
    parts[0]!.writeUInt32LE(rawLength);
    return Buffer.concat(parts);
  },
  join: (chunks) =>
    joinElements(
      chunks.filter(({ length }) => length > 0).map((chunk) => ({ rawLength: chunk.readUInt32LE(), bytes: chunk.subarray(CHUNK_HEADER) })),
    ),
};
