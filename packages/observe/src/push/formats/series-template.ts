import type { Family, Sample } from '../../export/families.ts';
import { withLabels } from '../labels.ts';
import type { Label } from '../labels.ts';
import { createElementWriter } from '../snappy-elements.ts';
import type { ElementWriter, SnappyElements } from '../snappy-elements.ts';

// Tags of prometheus/prompb: WriteRequest.timeseries, TimeSeries.{labels, samples}, Label.{name, value}, Sample.{value, timestamp}.
const TIMESERIES = 0x0a;
const LABELS = 0x0a;
const SAMPLES = 0x12;
const NAME = 0x0a;
const VALUE = 0x12;
const SAMPLE_VALUE = 0x09;
const TIMESTAMP = 0x10;

/** Bytes of a sample before its timestamp: its tag and length, and the value with its tag. */
const BEFORE_TIMESTAMP = 12;

/** Where in a sample the value is. */
const VALUE_AT = 3;

/** The labels of a series, encoded one by one: what the next series repeats. */
export type EncodedLabels = readonly Buffer[];

/**
 * The series of a family, encoded and packed. Between two samples hardly anything changes but values and the time, so those are put
 * into bytes that lie ready: a tenth of the work. What the bytes were made of is kept beside them and compared each time.
 */
export interface SeriesTemplate extends SnappyElements {
  /** Whose values are in it. */
  family: Family | null;
  /** The labels of each series. */
  readonly labels: readonly Sample['labels'][];
  /** Where in `bytes` the sample of each series is. */
  readonly samples: readonly number[];
  readonly view: DataView;
  /** The labels of the series that must come before these: copies reach back to it. */
  readonly after: EncodedLabels;
  /** The labels of the last series. */
  readonly last: EncodedLabels;
}

/** A number from 0 to 2^53 as protobuf writes it. */
export function encodeVarint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

/** Labels come again in many series; those that are no longer than this are kept. */
const LONGEST_KEPT = 256;
const MOST_KEPT = 20_000;
const kept = new Map<string, Buffer>();

function makeLabel([name, value]: Label): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const nameStart = Buffer.from([NAME, ...encodeVarint(nameBytes.length)]);
  const valueStart = Buffer.from([VALUE, ...encodeVarint(valueBytes.length)]);
  const length = nameStart.length + nameBytes.length + valueStart.length + valueBytes.length;
  return Buffer.concat([Buffer.from([LABELS, ...encodeVarint(length)]), nameStart, nameBytes, valueStart, valueBytes]);
}

function encodeLabel(label: Label): Buffer {
  const key = `${label[0]}\0${label[1]}`;
  let bytes = kept.get(key);
  if (!bytes) {
    bytes = makeLabel(label);
    if (kept.size >= MOST_KEPT) kept.clear();
    if (key.length <= LONGEST_KEPT) kept.set(key, bytes);
  }
  return bytes;
}

/** The labels of a series as they are sent: sorted by name, and none empty, which would be none. */
function encodeLabels(name: string, own: readonly Label[], extra: readonly Label[]): EncodedLabels {
  const labels = withLabels(own, extra).filter(([, value]) => value !== '');
  return [['__name__', name] as const, ...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(encodeLabel);
}

const lengthOf = (labels: EncodedLabels): number => labels.reduce((sum, { length }) => sum + length, 0);

/** Bytes in which two labels are alike after the first two, which are the tag and a length. */
function commonStart(label: Buffer, other: Buffer): number {
  let at = 2;
  while (at < label.length && label[at] === other[at]) at += 1;
  return at - 2;
}

/** Writes labels; those that the series before has too are copies of them, and the name begins as its name does. `gap` bytes lie between the two. */
function writeLabels(writer: ElementWriter, labels: EncodedLabels, before: EncodedLabels, gap: number): void {
  const length = lengthOf(before);
  let at = 0;
  for (const label of labels) {
    let from = 0;
    let twin: Buffer | undefined;
    for (const other of before) {
      if (other === label || (other.length === label.length && other.equals(label))) {
        twin = other;
        break;
      }
      from += other.length;
    }
    const first = before[0];
    if (twin) writer.repeat(label, gap + length - from + at);
    else if (at === 0 && first) {
      const common = commonStart(label, first);
      // The length of the name differs where the names do; what follows it may be alike again.
      const rest = common + 3 < label.length && common > 0 ? commonStart(label.subarray(common + 1), first.subarray(common + 1)) : 0;
      const distance = gap + length;
      writer.literal(label.subarray(0, 2));
      writer.repeat(label.subarray(2, 2 + common), distance);
      writer.literal(label.subarray(2 + common, 3 + common));
      writer.repeat(label.subarray(3 + common, 3 + common + rest), distance);
      writer.literal(label.subarray(3 + common + rest));
    } else writer.literal(label);
    at += label.length;
  }
}

/** What the series of one exporter have in common. */
export interface SeriesSettings {
  /** Labels that every series gets. */
  readonly extra: readonly Label[];
  /** Bytes of the timestamp. */
  readonly width: number;
  /** Labels as they were encoded before, by the list that they were made of. */
  readonly encoded: WeakMap<Sample['labels'], EncodedLabels>;
}

/** The series of a family, ready for values. `after` are the labels of the series before it, none at the start of a chunk. */
export function createSeriesTemplate(
  family: Family,
  after: EncodedLabels,
  { extra, width, encoded: known }: SeriesSettings,
): SeriesTemplate {
  const sample = Buffer.alloc(BEFORE_TIMESTAMP + width);
  sample.set([SAMPLES, sample.length - 2, SAMPLE_VALUE]);
  sample[BEFORE_TIMESTAMP - 1] = TIMESTAMP;
  const writer = createElementWriter();
  let rawLength = 0;
  let before = after;
  for (const { labels } of family.samples) {
    let encoded = known.get(labels);
    if (!encoded) known.set(labels, (encoded = encodeLabels(family.name, labels, extra)));
    const length = lengthOf(encoded);
    const start = Buffer.from([TIMESERIES, ...encodeVarint(length + sample.length)]);
    writer.literal(start);
    writeLabels(writer, encoded, before, sample.length + start.length);
    writer.variable(sample);
    rawLength += start.length + length + sample.length;
    before = encoded;
  }
  const { bytes, variables } = writer.finish();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    family: null,
    bytes,
    rawLength,
    samples: variables,
    view,
    labels: family.samples.map(({ labels }) => labels),
    after,
    last: before,
  };
}

/** Whether two series have the same labels. */
const isSame = (a: EncodedLabels, b: EncodedLabels): boolean =>
  a === b || (a.length === b.length && a.every((label, index) => label.equals(b[index]!)));

/** Whether two lists of labels say the same; mostly they are one list. */
function isEqual(a: Sample['labels'], b: Sample['labels']): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index]![0] !== b[index]![0] || a[index]![1] !== b[index]![1]) return false;
  return true;
}

/** Whether a template was made for the series that a family has now, after that one. */
export function isTemplateOf(template: SeriesTemplate, family: Family, after: EncodedLabels): boolean {
  const { labels } = template;
  if (!isSame(template.after, after)) return false;
  if (template.family === family) return true;
  if (labels.length !== family.samples.length) return false;
  let index = 0;
  for (const sample of family.samples) if (!isEqual(labels[index++]!, sample.labels)) return false;
  return true;
}

/** Puts values and the timestamp, which is as long as the template has room for, into a template of this family. */
export function fillTemplate(template: SeriesTemplate, family: Family, timestamp: Uint8Array): void {
  const { bytes, samples, view } = template;
  if (template.family !== family) {
    let index = 0;
    for (const sample of family.samples) view.setFloat64(samples[index++]! + VALUE_AT, sample.value, true);
    template.family = family;
  }
  for (const at of samples) bytes.set(timestamp, at + BEFORE_TIMESTAMP);
}
