import { objectName } from '../../src/record/object-names.ts';
import { area, line } from './chart-spec.ts';
import type { ChartSpec } from './chart-spec.ts';
import { MOST_LINES, namesOf } from './series-id.ts';
import type { SeriesMeta } from './series-store.ts';

type MetaOf = (id: string) => SeriesMeta | undefined;

/** What people call the object of a series; `name`, its id, where the server does not say. */
function titleOf(meta: MetaOf, id: string, name: string): string {
  const label = meta(id)?.label;
  return label ? objectName(id, label) : name;
}

/** Lists of at most `size` names: more lines than that cannot be told apart. */
function inParts(names: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, part) => names.slice(part * size, (part + 1) * size));
}

/** One chart of a measure for every eight objects: no average hides the one that is different. */
function chartsOf(
  ids: readonly string[],
  meta: MetaOf,
  kind: string,
  measure: string,
  spec: Omit<ChartSpec, 'key' | 'series'>,
  formula: string,
): ChartSpec[] {
  const parts = inParts(
    namesOf(ids, kind, measure).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    MOST_LINES,
  );
  return parts.map((names, part) => ({
    ...spec,
    key: `${kind}.${part}`,
    title: parts.length === 1 ? spec.title : `${spec.title} (${part + 1} of ${parts.length})`,
    series: names.map((name, index) => {
      const id = `${kind}.${name}.${measure}`;
      return line(id, titleOf(meta, id, name), index, formula);
    }),
  }));
}

/** Temperatures and fans, each sensor by itself. */
export function sensorCharts(ids: readonly string[], meta: MetaOf): ChartSpec[] {
  return [
    ...chartsOf(
      ids,
      meta,
      'temperature',
      'celsius',
      { title: 'Temperatures', unit: 'celsius', top: null, floor: 40 },
      'what the sensor says, read every ten seconds',
    ),
    ...chartsOf(
      ids,
      meta,
      'fan',
      'rpm',
      { title: 'Fans', unit: 'rpm', top: null, floor: 500 },
      'revolutions a minute, read every ten seconds',
    ),
  ];
}

/** How full each mounted file system is. */
export function filesystemCharts(ids: readonly string[], meta: MetaOf): ChartSpec[] {
  const spec = { title: 'File systems', unit: 'percent', top: 100, floor: 100 };
  return chartsOf(ids, meta, 'filesystem', 'used_percent', spec, 'used / (used + available to users), as df counts');
}

/** Use and power of each card beside each other; memory and temperature are charts of their own, as their units differ. */
export function gpuCharts(ids: readonly string[], meta: MetaOf): ChartSpec[] {
  const cards = [...new Set(['usage_percent', 'memory_used', 'power_watts', 'celsius'].flatMap((measure) => namesOf(ids, 'gpu', measure)))];
  const offered = new Set(ids);
  const measures = [
    ['usage_percent', 'use', 'percent', 100, 100, 'time in which the card worked / elapsed time'],
    ['memory_used', 'memory', 'bytes', null, 1024, 'memory of the card in use'],
    ['power_watts', 'power', 'watts', null, 10, 'what the card draws'],
    ['celsius', 'temperature', 'celsius', null, 40, 'what the card says'],
  ] as const;
  return cards.flatMap((card) =>
    measures
      .filter(([measure]) => offered.has(`gpu.${card}.${measure}`))
      .map(([measure, title, unit, top, floor, formula]) => ({
        key: `gpu.${card}.${measure}`,
        title: `${titleOf(meta, `gpu.${card}.${measure}`, card)} ${title}`,
        unit: meta(`gpu.${card}.${measure}`)?.unit ?? unit,
        top,
        floor,
        series: [area(`gpu.${card}.${measure}`, title, 0, formula)],
      })),
  );
}
