import type { Snapshot } from '@hecate/metrics';
import { familiesOf } from './families.ts';
import type { Family, Sample } from './families.ts';

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

function encodeLabels(labels: Sample['labels']): string {
  if (labels.length === 0) return '';
  let text = '{';
  for (const [name, value] of labels) {
    text += `${text.length > 1 ? ',' : ''}${name}="${/["\\\n]/.test(value) ? value.replaceAll(/["\\\n]/g, (c) => ESCAPES[c]!) : value}"`;
  }
  return `${text}}`;
}

function encodeNumber(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

const help = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

function encodeSamples({ name, samples }: Family): string {
  let out = '';
  for (const { labels, value } of samples) out += `${name}${encodeLabels(labels)} ${encodeNumber(value)}\n`;
  return out;
}

/** Prometheus text exposition format 0.0.4, a piece a family. */
export function* prometheusPieces(snapshot: Snapshot, platform: NodeJS.Platform): Generator<string> {
  for (const family of familiesOf(snapshot, platform)) {
    yield `# HELP ${family.name} ${help(family.help)}\n# TYPE ${family.name} ${family.type}\n${encodeSamples(family)}`;
  }
}

/** OpenMetrics 1.0 text, a piece a family: counters are named without `_total` in their HELP and TYPE, untyped is `unknown`, the end is marked. */
export function* openMetricsPieces(snapshot: Snapshot, platform: NodeJS.Platform): Generator<string> {
  for (const family of familiesOf(snapshot, platform)) {
    const total = family.name.endsWith('_total');
    // A counter must be named _total; one that node_exporter names otherwise is of unknown type here.
    const type = family.type === 'untyped' || (family.type === 'counter' && !total) ? 'unknown' : family.type;
    const name = type === 'counter' ? family.name.slice(0, -'_total'.length) : family.name;
    yield `# HELP ${name} ${help(family.help).replaceAll('"', '\\"')}\n# TYPE ${name} ${type}\n${encodeSamples(family)}`;
  }
  yield '# EOF\n';
}
