import { COLUMN_INDEX } from '../../record/columns.ts';

/** Endings that only say the unit, which stands at the values. */
const UNIT_ENDINGS = ['_bytes_per_second', '_per_second', '_percent', '_seconds', '_celsius', '_watts', '_hertz'];
/** Metrics that are computed from columns. */
const COMPUTED = new Set(['ram_percent', 'swap_pressure_percent']);
/** Words that are written otherwise than they are spoken. */
const WORDS: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  gpu: 'GPU',
  ram: 'Memory',
  io: 'I/O',
  iowait: 'waiting for I/O',
  some: '(some)',
  full: '(all)',
  tcp: 'TCP',
};

/** What a metric is called above its picture: `CPU usage` for `cpu_usage_percent`. A name that is not ours stays as it is. */
export function metricTitle(name: string): string {
  if (!COLUMN_INDEX.has(name) && !COMPUTED.has(name)) return name;
  const ending = UNIT_ENDINGS.find((unit) => name.endsWith(unit)) ?? '';
  const words = name.slice(0, name.length - ending.length).split('_');
  const text = words.map((word) => (Object.hasOwn(WORDS, word) ? (WORDS[word] as string) : word)).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
