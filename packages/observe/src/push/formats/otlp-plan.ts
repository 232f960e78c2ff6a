import type { Field } from '@hecate/metrics';
import { rowGroupsOf } from '../rows.ts';
import type { RowField, RowGroup } from '../rows.ts';
import { hardwareType, instrumentOf, unitOf } from './otlp-conventions.ts';
import type { Instrument } from './otlp-conventions.ts';

/** An attribute: key and value. */
export type Attribute = readonly [key: string, value: string | number];

/** The fields of one group that are points of a metric with the same attributes; their sum is the value. */
export interface MetricMember {
  readonly of: RowGroup;
  readonly fields: readonly RowField[];
  readonly attributes: readonly Attribute[];
  /** Attributes from properties of the row, and the value is 1: a description. */
  readonly properties: readonly (readonly [label: string, property: string])[] | null;
}

/** A metric: all points of one name. */
export interface MetricPlan {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly instrument: Instrument;
  readonly members: MetricMember[];
}

/** `cpu.cores` and `guestUser` as `hecate.cpu.cores.guest_user`: the conventions write names in lower case. */
export function ownName(group: string, key: string): string {
  return `hecate.${group}.${key}`.replaceAll(/[A-Z]+/g, (capitals) => `_${capitals.toLowerCase()}`);
}

const plans = new Map<NodeJS.Platform, readonly MetricPlan[]>();

/** Every metric that a machine of this platform has: worked out once, from the declarations. Groups that name families themselves are not in it. */
export function metricPlansOf(platform: NodeJS.Platform): readonly MetricPlan[] {
  let known = plans.get(platform);
  if (!known) plans.set(platform, (known = makePlans(rowGroupsOf(platform))));
  return known;
}

function makePlans(groups: readonly RowGroup[]): readonly MetricPlan[] {
  const metrics = new Map<string, MetricPlan & { readonly owner: string }>();
  const add = (of: RowGroup, field: Field<never>, name: string, member: Omit<MetricMember, 'of' | 'fields'>): void => {
    let metric = metrics.get(name);
    if (!metric) {
      const { help, unit, kind } = field;
      metric = { name, description: help, unit: unitOf(name, unit), instrument: instrumentOf(name, kind), members: [], owner: of.name };
      metrics.set(name, metric);
    }
    // Hard and soft interrupts are one mode for the conventions: points with the same attributes become their sum.
    const twin = metric.members.findIndex((other) => other.of === of && isSame(other.attributes, member.attributes));
    if (twin >= 0) metric.members[twin] = { ...metric.members[twin]!, fields: [...metric.members[twin]!.fields, field] };
    else metric.members.push({ of, fields: [field], ...member });
  };
  for (const of of groups) {
    for (const field of of.group.fields) {
      const { otel, prometheus } = field;
      const properties = field.kind === 'info' && prometheus?.properties ? Object.entries<string>(prometheus.properties) : null;
      // Two groups that say the same of other things are two metrics, or a total would count twice; components of hardware have ids.
      const isHardware = otel?.name.startsWith('hw.') ?? false;
      const owner = otel && metrics.get(otel.name)?.owner;
      if (!otel || (owner && owner !== of.name && !isHardware)) add(of, field, ownName(of.name, field.key), { attributes: [], properties });
      else {
        const type: Attribute[] = isHardware ? [['hw.type', hardwareType(otel.name, of.collector.name)]] : [];
        const own = Object.entries(otel.attributes ?? {});
        add(of, field, otel.name, { attributes: [...type.filter(([key]) => !own.some(([other]) => other === key)), ...own], properties });
      }
    }
  }
  return [...metrics.values()];
}

const isSame = (a: readonly Attribute[], b: readonly Attribute[]): boolean =>
  a.length === b.length && a.every(([key, value], index) => b[index]![0] === key && b[index]![1] === value);
