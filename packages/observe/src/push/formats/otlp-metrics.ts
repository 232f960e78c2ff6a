import type { Snapshot } from '@hecate/metrics';
import { labelText } from '../../export/families.ts';
import { COLUMNS } from '../../record/columns.ts';
import type { PushInput } from '../format.ts';
import { nameFilter } from '../name-filter.ts';
import { numberOf, rowGroupsOf, rowsOfGroup } from '../rows.ts';
import type { GroupRow, RowGroup } from '../rows.ts';
import { architectureOf, attributeOf, instrumentOf, WHOLE } from './otlp-conventions.ts';
import { metricPlansOf } from './otlp-plan.ts';
import type { Attribute, MetricMember, MetricPlan } from './otlp-plan.ts';

/** One point of a metric. Lists of attributes are the same objects at each sample, so that what is made of them can be kept. */
export interface MetricPoint {
  readonly attributes: readonly Attribute[];
  readonly more: readonly Attribute[];
  readonly value: number;
}

/** A metric and its points; never none. */
export interface Metric {
  readonly plan: Omit<MetricPlan, 'members'>;
  readonly points: readonly MetricPoint[];
}

const NONE: readonly Attribute[] = [];
/** Rows come and go; at this many the lists of attributes are made anew. */
const MOST_ROWS = 20_000;
const attributes = new Map<string, readonly Attribute[]>();

/** The attributes of a row: its labels, and what it is called where it is a component of hardware. */
function rowAttributes({ of, key, row }: GroupRow, { properties }: MetricMember, isHardware: boolean): readonly Attribute[] {
  if (of.labels.length === 0 && !properties && !isHardware) return NONE;
  let known = '';
  if (isHardware) known = 'hw\0';
  known += key;
  const labels = properties ? [...of.labels, ...properties] : of.labels;
  // The row does not say what else describes it, as it is no label of the others of its group.
  if (properties) for (const [label, property] of properties) known += `\0${label}\0${labelText(row[property])}`;
  let list = attributes.get(known);
  if (!list) {
    const collector = of.collector.name;
    const own = new Map<string, string | number>();
    for (const [label, property] of labels) {
      const name = attributeOf(collector, label);
      const value = labelText(row[property]);
      // Those without a value say nothing.
      if (value !== '') own.set(name, WHOLE.has(name) && /^\d{1,9}$/.test(value) ? Number(value) : value);
    }
    if (isHardware) {
      own.set('hw.id', [collector, ...of.labels.map(([, property]) => labelText(row[property]))].filter((part) => part !== '').join('/'));
    }
    if (attributes.size > MOST_ROWS) attributes.clear();
    attributes.set(known, (list = [...own]));
  }
  return list;
}

/** What a member of a metric has for a row: the sum of its fields; null when none is known. */
function valueOf({ row }: GroupRow, { fields, properties }: MetricMember): number | null {
  if (properties) return row[fields[0]!.key] === null || row[fields[0]!.key] === undefined ? null : 1;
  let sum: number | null = null;
  for (const field of fields) {
    const value = numberOf(row, field);
    if (value !== null) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** The attributes of rows, where no metric has more of them; for as long as there are those rows. */
const plain = new WeakMap<readonly GroupRow[], readonly (readonly Attribute[])[]>();

function plainAttributes(rows: readonly GroupRow[], member: MetricMember): readonly (readonly Attribute[])[] {
  let lists = plain.get(rows);
  if (!lists) plain.set(rows, (lists = rows.map((row) => rowAttributes(row, member, false))));
  return lists;
}

function pointsOf(metric: MetricPlan, snapshot: Snapshot): MetricPoint[] {
  const points: MetricPoint[] = [];
  const isHardware = metric.name.startsWith('hw.');
  for (const member of metric.members) {
    const rows = rowsOfGroup(member.of, snapshot);
    if (rows.length === 0) continue;
    const lists = isHardware || member.properties ? null : plainAttributes(rows, member);
    let index = 0;
    for (const row of rows) {
      const value = valueOf(row, member);
      const own = lists?.[index];
      index += 1;
      if (value !== null) points.push({ attributes: own ?? rowAttributes(row, member, isHardware), more: member.attributes, value });
    }
  }
  return points;
}

/** Metrics that the data names itself, under the names that Prometheus knows them by. */
function openMetrics(of: RowGroup, rows: readonly GroupRow[], wanted: (name: string) => boolean): Iterable<Metric> {
  const metrics = new Map<string, Metric & { readonly points: MetricPoint[] }>();
  const member: MetricMember = { of, fields: [], attributes: NONE, properties: null };
  for (const item of rows) {
    for (const field of item.fields) {
      const value = numberOf(item.row, field);
      if (value === null || !wanted(field.key)) continue;
      let metric = metrics.get(field.key);
      if (!metric) {
        const plan = { name: field.key, description: '', unit: '', instrument: instrumentOf(field.key, field.kind) };
        metrics.set(field.key, (metric = { plan, points: [] }));
      }
      metric.points.push({ attributes: rowAttributes(item, member, false), more: NONE, value });
    }
  }
  return metrics.values();
}

const COLUMN_UNITS: Readonly<Record<string, string>> = {
  percent: '%',
  bytes: 'By',
  'bytes/second': 'By/s',
  'count/second': '{count}/s',
  seconds: 's',
  watts: 'W',
  celsius: 'Cel',
  hertz: 'Hz',
};
const COLUMN_PLANS: readonly Metric['plan'][] = COLUMNS.map(({ name, help, unit }) => ({
  name: `hecate.row.${name}`,
  description: help,
  unit: COLUMN_UNITS[unit] ?? (unit === 'load' ? '1' : '{count}'),
  instrument: 'gauge',
}));

/** Everything that a frame says, metric by metric. A name comes once. */
export function* metricsOf(input: PushInput): Generator<Metric> {
  const { snapshot, row: columns } = input.frame;
  const wanted = nameFilter(input);
  for (const plan of metricPlansOf(input.platform)) {
    if (!wanted(plan.name)) continue;
    const points = pointsOf(plan, snapshot);
    if (points.length > 0) yield { plan, points };
  }
  const seen = new Set<string>();
  for (const of of rowGroupsOf(input.platform)) {
    if (!of.group.open) continue;
    for (const metric of openMetrics(of, rowsOfGroup(of, snapshot), wanted)) {
      if (seen.has(metric.plan.name)) continue;
      seen.add(metric.plan.name);
      yield metric;
    }
  }
  for (const [index, value] of columns.entries()) {
    const plan = COLUMN_PLANS[index]!;
    if (value !== null && Number.isFinite(value) && wanted(plan.name)) yield { plan, points: [{ attributes: NONE, more: NONE, value }] };
  }
}

/** What the metrics are about: this machine. A label of the settings takes the place of an attribute of the same name. */
export function resourceOf({ frame: { snapshot }, platform, labels }: PushInput): readonly Attribute[] {
  const { host } = snapshot;
  const resource = new Map<string, string>([['service.name', 'hecate']]);
  const set = (key: string, value: string | null | undefined): void => {
    if (value) resource.set(key, value);
  };
  set('service.instance.id', host?.hostname);
  set('host.name', host?.hostname);
  set('host.arch', host?.machine && architectureOf(host.machine));
  set('os.type', platform);
  set('os.description', host?.osName);
  set('os.version', host?.osVersion);
  for (const [key, value] of Object.entries(labels)) set(key, value);
  return [...resource];
}

/** When it was taken and since when sums are counted, nanoseconds since the epoch; the second is null where the machine does not say when it booted. */
export function timesOf({ time, cpu }: Snapshot): { readonly time: bigint; readonly start: bigint | null } {
  const nanoseconds = (seconds: number): bigint => BigInt(Math.max(0, Math.round(seconds * 1e6))) * 1000n;
  return { time: nanoseconds(time), start: cpu?.bootTime ? nanoseconds(cpu.bootTime) : null };
}
