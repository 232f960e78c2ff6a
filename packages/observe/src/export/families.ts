import { collectorsOf } from '@hecate/metrics';
import type { AnyCollector, Field, Group, OpenFamily, PrometheusSeries, Snapshot } from '@hecate/metrics';

/** One sample of a family. */
export interface Sample {
  /** Label names and values, in order. */
  readonly labels: readonly (readonly [string, string])[];
  readonly value: number;
}

/** All samples of one metric name, as Prometheus wants them: together, under one HELP and TYPE. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'untyped';
  readonly samples: readonly Sample[];
}

type Row = Readonly<Record<string, unknown>>;
interface Member {
  readonly collector: AnyCollector;
  readonly group: Group<never>;
  readonly field: Field<never>;
  readonly series: PrometheusSeries<never>;
  /** Labels that come from the row: name, property, whether it is left out where the property is null. */
  readonly variable: readonly (readonly [label: string, property: string, sparse: boolean])[];
  /** Labels that are always the same. */
  readonly constant: readonly (readonly [string, string])[];
}
interface Plan {
  readonly families: ReadonlyMap<string, { readonly help: string; readonly type: Family['type']; readonly members: Member[] }>;
  readonly open: readonly { readonly collector: AnyCollector; readonly group: Group<never> }[];
}

const plans = new Map<NodeJS.Platform, Plan>();

/** The labels of a field's samples, worked out once: encoding is the dearest thing that the daemon does for others. */
function labelPlan(group: Group<never>, series: PrometheusSeries<never>): Pick<Member, 'variable' | 'constant'> {
  const ofGroup = Object.entries(group.labels).map(([label, property]) => [label, property, false] as const);
  const ofSeries = Object.entries<string>(series.properties ?? {}).map(
    ([label, property]) => [label, property, series.sparse === true] as const,
  );
  return { variable: [...ofGroup, ...ofSeries], constant: Object.entries(series.labels ?? {}) };
}

/** Which fields make which family: worked out once a platform, from the declarations. */
function planOf(platform: NodeJS.Platform): Plan {
  const known = plans.get(platform);
  if (known) return known;
  const families = new Map<string, { help: string; type: Family['type']; members: Member[] }>();
  const open: { collector: AnyCollector; group: Group<never> }[] = [];
  for (const collector of collectorsOf(platform)) {
    for (const group of collector.groups() as readonly Group<never>[]) {
      if (group.open) open.push({ collector, group });
      for (const field of group.fields) {
        const series = field.prometheus;
        if (!series) continue;
        const type = series.untyped ? 'untyped' : field.kind === 'counter' ? 'counter' : 'gauge';
        let family = families.get(series.name);
        if (!family) families.set(series.name, (family = { help: series.help ?? field.help, type, members: [] }));
        family.members.push({ collector, group, field, series, ...labelPlan(group, series) });
      }
    }
  }
  const plan = { families, open };
  plans.set(platform, plan);
  return plan;
}

/** The text of a property that serves as a label; unknown is empty. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function labelsOf(row: Row, { variable, constant }: Member): readonly (readonly [string, string])[] {
  if (variable.length === 0) return constant;
  const labels: (readonly [string, string])[] = [];
  for (const [label, property, sparse] of variable) {
    const value = row[property];
    if (sparse && value === null) continue;
    labels.push([label, text(value)]);
  }
  for (const label of constant) labels.push(label);
  return labels;
}

function valueOf(row: Row, { field, series }: Member): number | null {
  if (series.value) return series.value(row as never);
  const value = row[field.key];
  if (field.kind === 'info') return value === null || value === undefined ? null : 1;
  return typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : null;
}

/** What tells the samples of a family apart. */
function keyOf(labels: Sample['labels']): string {
  let key = '';
  for (const label of labels) key += `${label[1]}\0`;
  return key;
}

/** The fields' samples, family by family. A null value makes no sample, an empty family is left out, and so is a second sample of the same labels. */
function* declaredFamilies(snapshot: Snapshot, platform: NodeJS.Platform): Generator<Family> {
  const rows = new Map<Group<never>, readonly object[]>();
  const rowsOf = ({ collector, group }: Member): readonly object[] => {
    let list = rows.get(group);
    if (!list) {
      const reading = snapshot[collector.name];
      rows.set(group, (list = reading === null ? [] : [...group.rows(reading as never)]));
    }
    return list;
  };
  for (const [name, { help, type, members }] of planOf(platform).families) {
    const samples: Sample[] = [];
    const seen = new Set<string>();
    for (const member of members) {
      for (const row of rowsOf(member) as readonly Row[]) {
        const value = valueOf(row, member);
        if (value === null) continue;
        const labels = labelsOf(row, member);
        const key = keyOf(labels);
        if (seen.has(key)) continue;
        seen.add(key);
        samples.push({ labels, value });
      }
    }
    if (samples.length > 0) yield { name, help, type, samples };
  }
}

/** The families that the rows of one group name, each with all its samples. Samples with the same labels are sent once. */
function familiesOfRows(group: Group<never>, reading: unknown): Iterable<Family & { readonly samples: Sample[] }> {
  const { name, help, value, kind } = group.open as unknown as OpenFamily<object>;
  const families = new Map<string, Family & { readonly samples: Sample[]; readonly keys: Set<string> }>();
  for (const row of group.rows(reading as never) as Iterable<Row>) {
    const familyName = name(row);
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(familyName)) continue;
    const labels = Object.entries(group.labels).map(([label, property]): [string, string] => [label, text(row[property])]);
    const key = keyOf(labels);
    let family = families.get(familyName);
    if (!family) families.set(familyName, (family = { name: familyName, help: help(row), type: kind, samples: [], keys: new Set() }));
    if (family.keys.has(key)) continue;
    family.keys.add(key);
    family.samples.push({ labels, value: value(row) });
  }
  return families.values();
}

/** Families that the data names itself. A name seen twice is sent once: a second one would spoil the whole scrape. */
function* openFamilies(snapshot: Snapshot, platform: NodeJS.Platform): Generator<Family> {
  const { open, families } = planOf(platform);
  const seen = new Set<string>(families.keys());
  for (const { collector, group } of open) {
    const reading = snapshot[collector.name];
    if (reading === null) continue;
    for (const { name, help, type, samples } of familiesOfRows(group, reading)) {
      if (seen.has(name)) continue;
      seen.add(name);
      yield { name, help, type, samples };
    }
  }
}

/** When this was read, and how the collectors fared, under node_exporter's names. Dashboards take the time since boot from the first. */
function* selfFamilies(snapshot: Snapshot): Generator<Family> {
  const of = (value: (run: Snapshot['runs'][number]) => number): Sample[] =>
    snapshot.runs.map((run) => ({ labels: [['collector', run.collector]], value: value(run) }));
  if (snapshot.runs.length === 0) return;
  yield {
    name: 'node_time_seconds',
    help: 'Time of this reading, seconds since the epoch.',
    type: 'gauge',
    samples: [{ labels: [], value: snapshot.time }],
  };
  yield {
    name: 'node_scrape_collector_duration_seconds',
    help: 'Time that each collector took.',
    type: 'gauge',
    samples: of((run) => run.seconds),
  };
  yield {
    name: 'node_scrape_collector_success',
    help: '1 when the collector could read.',
    type: 'gauge',
    samples: of((run) => Number(run.success)),
  };
}

/** Everything that a snapshot of a machine of this platform says, as Prometheus families. */
export function* familiesOf(snapshot: Snapshot, platform: NodeJS.Platform): Generator<Family> {
  yield* declaredFamilies(snapshot, platform);
  yield* openFamilies(snapshot, platform);
  yield* selfFamilies(snapshot);
}
