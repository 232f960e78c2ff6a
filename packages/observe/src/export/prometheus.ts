import type { Snapshot } from '@hecate/metrics';
import { createFamilyMemory, familiesOf } from './families.ts';
import type { Family, Sample } from './families.ts';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

function encodeLabels(labels: Sample['labels']): string {
  if (labels.length === 0) return '';
  let text = '{';
  for (const label of labels) {
    const value = label[1];
    const escaped = /["\\\n]/.test(value) ? value.replaceAll(/["\\\n]/g, (c) => ESCAPES[c]!) : value;
    text += text === '{' ? `${label[0]}="${escaped}"` : `,${label[0]}="${escaped}"`;
  }
  return `${text}}`;
}

function encodeNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

const help = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

function encodeSamples({ name, samples }: Family, encode: (labels: Sample['labels']) => string = encodeLabels): string {
  let out = '';
  for (const { labels, value } of samples) out += `${name}${encode(labels)} ${encodeNumber(value)}\n`;
  return out;
}

/** What stands before the samples of a family. */
type Head = (family: Family) => string;

const prometheusHead: Head = ({ name, help: text, type }) => `# HELP ${name} ${help(text)}\n# TYPE ${name} ${type}\n`;

/** Counters are named without `_total`, and untyped is `unknown`. */
const openMetricsHead: Head = (family) => {
  const total = family.name.endsWith('_total');
  // A counter must be named _total; one that node_exporter names otherwise is of unknown type here.
  const type = family.type === 'untyped' || (family.type === 'counter' && !total) ? 'unknown' : family.type;
  const name = type === 'counter' ? family.name.slice(0, -'_total'.length) : family.name;
  return `# HELP ${name} ${help(family.help).replaceAll('"', '\\"')}\n# TYPE ${name} ${type}\n`;
};

/** One family in Prometheus text exposition format 0.0.4. */
export function encodeFamily(family: Family): string {
  return prometheusHead(family) + encodeSamples(family);
}

/** Prometheus text exposition format 0.0.4, a piece a family. */
export function* prometheusPieces(snapshot: Snapshot, platform: NodeJS.Platform): Generator<string> {
  for (const family of familiesOf(snapshot, platform)) yield encodeFamily(family);
}

/** OpenMetrics 1.0 text, a piece a family: counters are named without `_total` in their HELP and TYPE, untyped is `unknown`, the end is marked. */
export function* openMetricsPieces(snapshot: Snapshot, platform: NodeJS.Platform): Generator<string> {
  for (const family of familiesOf(snapshot, platform)) yield openMetricsHead(family) + encodeSamples(family);
  yield OPEN_METRICS_END;
}

const OPEN_METRICS_END = '# EOF\n';

/** What a scraper can be given. */
export type ScrapeFormat = 'prometheus' | 'openmetrics';

/**
 * The same texts for who asks again and again: a piece a family, and only of readings that are new is one made anew. Families of
 * `more` come after those of the snapshot.
 */
export type ScrapeEncoder = (snapshot: Snapshot, format: ScrapeFormat, more: Iterable<Family>) => Generator<string>;

/** An encoder that remembers what it made. */
export function createScrapeEncoder(platform: NodeJS.Platform): ScrapeEncoder {
  const memory = createFamilyMemory();
  const heads = { prometheus: new Map<string, string>(), openmetrics: new Map<string, string>() };
  /** A family as text, for as long as it is the same family. */
  const texts = { prometheus: new WeakMap<Family, string>(), openmetrics: new WeakMap<Family, string>() };
  const labelTexts = new WeakMap<Sample['labels'], string>();
  const encodeKnown = (labels: Sample['labels']): string => {
    if (labels.length === 0) return '';
    let text = labelTexts.get(labels);
    if (text === undefined) labelTexts.set(labels, (text = encodeLabels(labels)));
    return text;
  };

  return function* encode(snapshot, format, more) {
    const headOf = (family: Family): string => {
      let head = heads[format].get(family.name);
      if (head === undefined) heads[format].set(family.name, (head = (format === 'prometheus' ? prometheusHead : openMetricsHead)(family)));
      return head;
    };
    for (const family of familiesOf(snapshot, platform, undefined, memory)) {
      let text = texts[format].get(family);
      if (text === undefined) texts[format].set(family, (text = headOf(family) + encodeSamples(family, encodeKnown)));
      yield text;
    }
    for (const family of more) yield headOf(family) + encodeSamples(family);
    if (format === 'openmetrics') yield OPEN_METRICS_END;
  };
}
