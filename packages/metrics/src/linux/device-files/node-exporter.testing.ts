import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Collector } from '../../model/collector.ts';
import type { Field, OpenFamily } from '../../model/field.ts';

/** Why node_exporter cannot judge here; null when it can. */
export function exporterMissing(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (spawnSync('prometheus-node-exporter', ['--version']).status === 0) return null;
  return 'node_exporter is not installed (apt-get install prometheus-node-exporter)';
}

/** Values by series: the name and the labels that are not empty, in the order of the alphabet. */
export type SeriesValues = ReadonlyMap<string, number>;

function keyOf(name: string, labels: readonly (readonly [string, string])[]): string {
  const parts = labels.filter(([, value]) => value !== '').map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${parts.toSorted().join(',')}}`;
}

/** The samples of Prometheus text. */
function parseText(text: string): SeriesValues {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!match) continue;
    const labels = [...(match[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
      ([, label, value]) => [label!, value!.replaceAll(/\\(["\\n])/g, (_, c: string) => (c === 'n' ? '\n' : c))] as const,
    );
    values.set(keyOf(match[1]!, labels), Number(match[3]));
  }
  return values;
}

/** Runs node_exporter with `flags` on a free port of the loopback address while `task` asks it for its text. */
export async function withNodeExporter<Result>(
  flags: readonly string[],
  task: (scrape: () => Promise<string>) => Promise<Result>,
): Promise<Result> {
  const program = spawn('prometheus-node-exporter', [...flags, '--web.disable-exporter-metrics', '--web.listen-address=127.0.0.1:0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<never>((_, reject) => {
    program.on('error', reject);
    program.on('exit', (status) => reject(new Error(`node_exporter ended with status ${status}.`)));
  });
  ended.catch(() => {});
  // Its log is read to the end: a full pipe would stop it.
  const listens = new Promise<string>((resolve) => {
    createInterface({ input: program.stderr }).on('line', (line) => {
      const address = /Listening on.*address=(127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address) resolve(address);
    });
  });
  try {
    const address = await Promise.race([listens, ended]);
    return await task(async () => {
      const reply = await fetch(`http://${address}/metrics`);
      const text = await reply.text();
      if (!reply.ok) throw new Error(`node_exporter answers ${reply.status}: ${text}`);
      return text;
    });
  } finally {
    program.kill();
  }
}

/** What node_exporter says of the machine whose files lie under `root`; these collectors of it only. */
export async function askNodeExporter(root: string, collectors: readonly string[]): Promise<SeriesValues> {
  const chosen = ['--collector.disable-defaults', ...collectors.map((name) => `--collector.${name}`)];
  const text = await withNodeExporter([...chosen, `--path.sysfs=${root}/sys`, `--path.procfs=${root}/proc`], (scrape) => scrape());
  const failed = /^node_scrape_collector_success\{collector="(\w+)"\} 0$/m.exec(text)?.[1];
  if (failed) throw new Error(`The collector ${failed} of node_exporter failed.`);
  return new Map([...parseText(text)].filter(([key]) => !/^(?:node_(?:scrape|exporter)|promhttp)_/.test(key)));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

type Row = Readonly<Record<string, unknown>>;

function valueOf(row: Row, field: Field<never>): number | null {
  const { value } = field.prometheus!;
  if (value) return value(row as never);
  const own = row[field.key];
  if (own === null || own === undefined) return null;
  return field.kind === 'info' ? 1 : Number(own);
}

/** Our series of a reading, from the declarations of its collector; only names that begin with `node_`. */
export function seriesOf<Reading>({ groups }: Collector<string, Reading>, reading: Reading): SeriesValues {
  const values = new Map<string, number>();
  for (const group of groups()) {
    for (const row of group.rows(reading) as Iterable<Row>) {
      const labels = Object.entries(group.labels).map(([label, property]) => [label, textOf(row[property])] as const);
      if (group.open) {
        const { name, value } = group.open as unknown as OpenFamily<Row>;
        values.set(keyOf(name(row), labels), value(row));
      }
      for (const field of group.fields) {
        if (!field.prometheus?.name.startsWith('node_')) continue;
        const value = valueOf(row, field);
        if (value === null) continue;
        const more = Object.entries(field.prometheus.properties ?? {}).map(([label, property]) => [label, textOf(row[property])] as const);
        const fixed = Object.entries(field.prometheus.labels ?? {});
        values.set(keyOf(field.prometheus.name, [...labels, ...more, ...fixed]), value);
      }
    }
  }
  return values;
}

/** Series of theirs that ours lack or say otherwise (beyond rounding), in words. */
export function differences(theirs: SeriesValues, ours: SeriesValues): string[] {
  const wrong: string[] = [];
  for (const [key, value] of theirs) {
    const own = ours.get(key);
    if (own === undefined) wrong.push(`${key}: missing`);
    else if (Math.abs(own - value) > 1e-9 * Math.max(1, Math.abs(value))) wrong.push(`${key}: ${own}, theirs ${value}`);
  }
  return wrong.toSorted();
}
