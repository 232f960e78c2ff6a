import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';
import type { RateField } from '../model/rate-field.ts';

/** How long tasks waited for a resource (kernel: Documentation/accounting/psi.rst). */
export interface Stall {
  /** Seconds since boot during which tasks waited. */
  readonly total: number;
  /** Share of the last 10 seconds, 0 to 1, as the kernel averages it. */
  readonly avg10: number;
  /** Share of the last minute. */
  readonly avg60: number;
  /** Share of the last five minutes. */
  readonly avg300: number;
}

/** `some`: at least one task waited; `full`: all did. Null where the kernel has no such line. */
export interface ResourcePressure {
  readonly some: Stall | null;
  readonly full: Stall | null;
}

/** The resources that the kernel watches. */
export const PRESSURE_RESOURCES = ['cpu', 'io', 'memory', 'irq'] as const;

/** One of {@link PRESSURE_RESOURCES}. */
export type PressureResource = (typeof PRESSURE_RESOURCES)[number];

/** Pressure by resource; null where the kernel does not offer it (a gap says why). */
export type PressureReading = Readonly<Record<PressureResource, ResourcePressure | null>>;

/** Share of the time between two readings that tasks stalled, 0 to 1, by resource; null where unknown. */
export type PressureRates = Readonly<Record<PressureResource, { readonly some: number | null; readonly full: number | null }>>;

/** Share of the elapsed seconds that tasks stalled. */
export function pressureRates(before: PressureReading, after: PressureReading, elapsed: number): PressureRates {
  const share = (was: Stall | null | undefined, is: Stall | null | undefined): number | null =>
    was && is && elapsed > 0 && is.total >= was.total ? Math.min(1, (is.total - was.total) / elapsed) : null;
  const rates = {} as Record<PressureResource, { some: number | null; full: number | null }>;
  for (const resource of PRESSURE_RESOURCES) {
    rates[resource] = {
      some: share(before[resource]?.some, after[resource]?.some),
      full: share(before[resource]?.full, after[resource]?.full),
    };
  }
  return rates;
}

/** Fields of {@link PressureRates}, also where they are a part of other rates. */
export const pressureRateFields = (prefix: string = ''): readonly RateField[] =>
  PRESSURE_RESOURCES.flatMap((resource) =>
    (['some', 'full'] as const).map((kind) => ({
      path: `${prefix}${resource}.${kind}`,
      unit: 'ratio',
      formula: `Δ pressure.${resource}.${kind}.total / elapsed, at most 1`,
      nullWhen: 'the kernel keeps no such figure',
    })),
  );

const series = (resource: PressureResource, kind: 'some' | 'full'): string | undefined => {
  // node_exporter: no full line for cpu, no some line for irq.
  if (kind === 'some') return resource === 'irq' ? undefined : `node_pressure_${resource}_waiting_seconds_total`;
  return resource === 'cpu' ? undefined : `node_pressure_${resource}_stalled_seconds_total`;
};

/** Fields of {@link PressureReading}. */
export const pressureGroups = (): readonly Group<PressureReading>[] =>
  PRESSURE_RESOURCES.flatMap((resource) =>
    (['some', 'full'] as const).map((kind) => {
      const name = series(resource, kind);
      return group<PressureReading, Stall>({
        name: `pressure.${resource}.${kind}`,
        source: `/proc/pressure/${resource}`,
        rows: (reading) => {
          const stall = reading[resource]?.[kind];
          return stall ? [stall] : [];
        },
        fields: [
          {
            key: 'total',
            kind: 'counter',
            unit: 'seconds',
            help: `Time in which ${kind === 'some' ? 'at least one task' : 'every task'} waited for ${resource}.`,
            nullWhen: 'the kernel keeps no such figure (PSI off, or an older kernel)',
            ...(name ? { prometheus: { name } } : {}),
          },
          { key: 'avg10', kind: 'gauge', unit: 'ratio', help: 'The same as a share of the last 10 s, averaged by the kernel.' },
          { key: 'avg60', kind: 'gauge', unit: 'ratio', help: 'The same as a share of the last 60 s.' },
          { key: 'avg300', kind: 'gauge', unit: 'ratio', help: 'The same as a share of the last 300 s.' },
        ],
      });
    }),
  );
