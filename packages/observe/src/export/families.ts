import { collectorsOf } from '@hecate/metrics';
import type { AnyCollector, CollectorName, Field, Group, OpenFamily, PrometheusSeries, Snapshot } from '@hecate/metrics';

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

/** Whether a family of this name is asked for. */
type Wanted = (name: string) => boolean;

/** The families of the readings before: a reading that is the same one (slow ones are, for ten seconds or more) makes the same families again. */
export interface FamilyMemory {
  /** Of a declared family, by name; of an open group, by group: what it was made of, and what was made. */
  readonly made: Map<unknown, { readonly of: readonly unknown[]; readonly families: readonly Family[] }>;
  /** The labels of a member's rows, by what tells the rows apart: the same labels are the same object, so that others can remember more. */
  readonly labels: Map<Member, Map<string, Labelled>>;
}

/** Labels, and what tells them from others of the same family. */
interface Labelled {
  readonly labels: Sample['labels'];
  readonly key: string;
}

/** Rows come and go (containers make interfaces): so many are remembered, then all are made anew. */
const MOST_LABELLED = 1024;

/** A memory for who asks again and again for the families of one machine. */
export function createFamilyMemory(): FamilyMemory {
  return { made: new Map(), labels: new Map() };
}

/** What was made of the same readings of these collectors before; undefined when one of them is new. */
function rememberedOf(
  memory: FamilyMemory | undefined,
  key: unknown,
  collectors: readonly CollectorName[],
  snapshot: Snapshot,
): readonly Family[] | undefined {
  const before = memory?.made.get(key);
  if (!before) return undefined;
  for (let index = 0; index < collectors.length; index++) if (snapshot[collectors[index]!] !== before.of[index]) return undefined;
  return before.families;
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
  /** Whether all that comes from the row is what every field of the group has. */
  readonly ofGroup: boolean;
}
/** A family whose name is declared. */
interface Declared {
  readonly help: string;
  readonly type: Family['type'];
  readonly members: Member[];
  /** Whose readings it is made of, each once. */
  readonly collectors: CollectorName[];
}
interface Plan {
  readonly families: ReadonlyMap<string, Declared>;
  readonly open: readonly { readonly collector: AnyCollector; readonly group: Group<never> }[];
}

const plans = new Map<NodeJS.Platform, Plan>();

/** The labels of a field's samples, worked out once: encoding is the dearest thing that the daemon does for others. */
function labelPlan(group: Group<never>, series: PrometheusSeries<never>): Pick<Member, 'variable' | 'constant' | 'ofGroup'> {
  const ofGroup = Object.entries(group.labels).map(([label, property]) => [label, property, false] as const);
  const ofSeries = Object.entries<string>(series.properties ?? {}).map(
    ([label, property]) => [label, property, series.sparse === true] as const,
  );
  return { variable: [...ofGroup, ...ofSeries], constant: Object.entries(series.labels ?? {}), ofGroup: ofSeries.length === 0 };
}

/** Which fields make which family: worked out once a platform, from the declarations. */
function planOf(platform: NodeJS.Platform): Plan {
  const known = plans.get(platform);
  if (known) return known;
  const families = new Map<string, Declared>();
  const open: { collector: AnyCollector; group: Group<never> }[] = [];
  for (const collector of collectorsOf(platform)) {
    for (const group of collector.groups() as readonly Group<never>[]) {
      if (group.open) open.push({ collector, group });
      for (const field of group.fields) {
        const series = field.prometheus;
        if (!series) continue;
        const type = series.untyped ? 'untyped' : field.kind === 'counter' ? 'counter' : 'gauge';
        let family = families.get(series.name);
        if (!family) families.set(series.name, (family = { help: series.help ?? field.help, type, members: [], collectors: [] }));
        if (!family.collectors.includes(collector.name)) family.collectors.push(collector.name);
        family.members.push({ collector, group, field, series, ...labelPlan(group, series) });
      }
    }
  }
  const plan = { families, open };
  plans.set(platform, plan);
  return plan;
}

/** The text of a property that serves as a label; unknown is empty. */
export function labelText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function labelsOf(row: Row, { variable, constant }: Member): readonly (readonly [string, string])[] {
  if (variable.length === 0) return constant;
  const labels: (readonly [string, string])[] = [];
  // Taking pairs apart by pattern costs three times as much in interpreted code.
  for (const from of variable) {
    const value = row[from[1]];
    if (from[2] && value === null) continue;
    labels.push([from[0], labelText(value)]);
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

/** The rows of a group in one snapshot, and what tells them apart. */
interface GroupRows {
  readonly rows: readonly Row[];
  readonly keys: readonly string[];
}

/** The labels of a row, remembered where they can be: they are most of the work. */
function labelledRow(row: Row, rowKey: string, member: Member, memory: FamilyMemory | undefined): Labelled {
  const make = (): Labelled => {
    const labels = labelsOf(row, member);
    return { labels, key: keyOf(labels) };
  };
  if (!memory || !member.ofGroup) return make();
  let known = memory.labels.get(member);
  if (!known || known.size > MOST_LABELLED) memory.labels.set(member, (known = new Map()));
  let labelled = known.get(rowKey);
  if (!labelled) known.set(rowKey, (labelled = make()));
  return labelled;
}

/** The samples of one family: none of a null value, and none with the labels of one before it. */
function samplesOf(members: readonly Member[], rowsOf: (member: Member) => GroupRows, memory?: FamilyMemory): Sample[] {
  const samples: Sample[] = [];
  const seen = new Set<string>();
  for (const member of members) {
    const { rows, keys } = rowsOf(member);
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      const value = valueOf(row, member);
      if (value === null) continue;
      const { labels, key } = labelledRow(row, keys[index]!, member, memory);
      if (seen.has(key)) continue;
      seen.add(key);
      samples.push({ labels, value });
    }
  }
  return samples;
}

/** The fields' samples, family by family. A null value makes no sample, an empty family is left out, and so is a second sample of the same labels. */
function* declaredFamilies(snapshot: Snapshot, platform: NodeJS.Platform, wanted: Wanted, memory?: FamilyMemory): Generator<Family> {
  const known = new Map<Group<never>, GroupRows>();
  const rowsOf = ({ collector, group }: Member): GroupRows => {
    let list = known.get(group);
    if (!list) {
      const reading = snapshot[collector.name];
      const rows = reading === null ? [] : ([...group.rows(reading as never)] as Row[]);
      const properties = Object.values(group.labels);
      known.set(group, (list = { rows, keys: rows.map((row) => properties.map((property) => labelText(row[property])).join('\0')) }));
    }
    return list;
  };
  for (const [name, { help, type, members, collectors }] of planOf(platform).families) {
    if (!wanted(name)) continue;
    let families = rememberedOf(memory, name, collectors, snapshot);
    if (!families) {
      const samples = samplesOf(members, rowsOf, memory);
      families = samples.length > 0 ? [{ name, help, type, samples }] : [];
      memory?.made.set(name, { of: collectors.map((collector) => snapshot[collector]), families });
    }
    if (families.length > 0) yield families[0]!;
  }
}

/** The families that the rows of one group name, each with all its samples. Samples with the same labels are sent once. */
function familiesOfRows(group: Group<never>, reading: unknown): Family[] {
  const { name, help, value, kind } = group.open as unknown as OpenFamily<object>;
  const families = new Map<string, Family & { readonly samples: Sample[]; readonly keys: Set<string> }>();
  for (const row of group.rows(reading as never) as Iterable<Row>) {
    const familyName = name(row);
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(familyName)) continue;
    const labels = Object.entries(group.labels).map(([label, property]): [string, string] => [label, labelText(row[property])]);
    const key = keyOf(labels);
    let family = families.get(familyName);
    if (!family) families.set(familyName, (family = { name: familyName, help: help(row), type: kind, samples: [], keys: new Set() }));
    if (family.keys.has(key)) continue;
    family.keys.add(key);
    family.samples.push({ labels, value: value(row) });
  }
  return [...families.values()].map(({ name: familyName, help: text, type, samples }) => ({ name: familyName, help: text, type, samples }));
}

/** Families that the data names itself. A name seen twice is sent once: a second one would spoil the whole scrape. */
function* openFamilies(snapshot: Snapshot, platform: NodeJS.Platform, wanted: Wanted, memory?: FamilyMemory): Generator<Family> {
  const { open, families } = planOf(platform);
  const seen = new Set<string>(families.keys());
  for (const { collector, group } of open) {
    const reading = snapshot[collector.name];
    if (reading === null) continue;
    let made = rememberedOf(memory, group, [collector.name], snapshot);
    if (!made) {
      made = familiesOfRows(group, reading);
      memory?.made.set(group, { of: [reading], families: made });
    }
    for (const family of made) {
      if (seen.has(family.name) || !wanted(family.name)) continue;
      seen.add(family.name);
      yield family;
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

/**
 * Everything that a snapshot of a machine of this platform says, as Prometheus families; those whose name is `wanted`. With a memory
 * the same families come again where the readings that they are made of are the same.
 */
export function* familiesOf(
  snapshot: Snapshot,
  platform: NodeJS.Platform,
  wanted: Wanted = () => true,
  memory?: FamilyMemory,
): Generator<Family> {
  yield* declaredFamilies(snapshot, platform, wanted, memory);
  yield* openFamilies(snapshot, platform, wanted, memory);
  for (const family of selfFamilies(snapshot)) if (wanted(family.name)) yield family;
}
