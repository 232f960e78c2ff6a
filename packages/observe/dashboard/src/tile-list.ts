import { formatQuantity } from './format-quantity.ts';

/** How much attention a value asks for. */
export type TileLevel = 'calm' | 'high' | 'critical';

/** One current value on top of the page. */
export interface Tile {
  readonly key: string;
  readonly label: string;
  readonly value: string;
  /** A second line that says what the value is of. */
  readonly detail: string;
  readonly level: TileLevel;
  /** The series behind the small curve. */
  readonly series: string;
  /** Top of the small curve; null when its data decides. */
  readonly top: number | null;
  /** How the number comes about. */
  readonly formula: string;
}

/** The level of a value; unknown is calm. */
function levelOf(value: number | null, high: number, critical: number): TileLevel {
  if (value === null || value < high) return 'calm';
  return value < critical ? 'high' : 'critical';
}

const share = (part: number | null, whole: number | null): number | null =>
  part === null || whole === null || whole <= 0 ? null : (100 * part) / whole;

/** The tiles, from the newest value of each series. `cores` is null when unknown. */
export function tiles(latest: (id: string) => number | null, cores: number | null): Tile[] {
  const percent = (value: number | null): string => formatQuantity(value, 'percent');
  const bytes = (value: number | null): string => formatQuantity(value, 'bytes');
  const rate = (value: number | null): string => formatQuantity(value, 'bytes/second');
  const count = (value: number | null): string => formatQuantity(value, 'count');
  const cpu = latest('cpu_usage_percent');
  const memory = share(latest('memory_used'), latest('memory_total'));
  const swapTotal = latest('memory_swap_total');
  const swap = share(latest('memory_swap_used'), swapTotal);
  const load = latest('load1');
  const busy = latest('disk_utilization_percent');
  const waits = ['cpu', 'memory', 'io'].map((resource) => ({ resource, value: latest(`pressure_${resource}_some_percent`) }));
  const worst = waits.reduce((most, wait) => ((wait.value ?? -1) > (most.value ?? -1) ? wait : most));
  return [
    {
      key: 'cpu',
      label: 'CPU',
      value: percent(cpu),
      detail: `user ${percent(latest('cpu_user_percent'))} · sys ${percent(latest('cpu_system_percent'))}`,
      level: levelOf(cpu, 85, 95),
      series: 'cpu_usage_percent',
      top: 100,
      formula: '1 - (idle + iowait) / all time of all cores',
    },
    {
      key: 'memory',
      label: 'Memory',
      value: percent(memory),
      detail: `${bytes(latest('memory_used'))} of ${bytes(latest('memory_total'))}`,
      level: levelOf(memory, 90, 98),
      series: 'memory_used',
      top: latest('memory_total'),
      formula: '(MemTotal - MemAvailable) / MemTotal',
    },
    {
      key: 'swap',
      label: 'Swap',
      value: swapTotal === 0 ? 'none' : percent(swap),
      detail: swapTotal === 0 ? 'no swap is set up' : `${bytes(latest('memory_swap_used'))} of ${bytes(swapTotal)}`,
      level: levelOf(swap, 50, 80),
      series: 'memory_swap_used',
      top: swapTotal,
      formula: '(SwapTotal - SwapFree) / SwapTotal',
    },
    {
      key: 'load',
      label: 'Load',
      value: formatQuantity(load, 'load'),
      detail: `${formatQuantity(latest('load5'), 'load')} · ${formatQuantity(latest('load15'), 'load')}${cores ? ` on ${cores} core${cores === 1 ? '' : 's'}` : ''}`,
      level: levelOf(load !== null && cores ? load / cores : null, 2, 4),
      series: 'load1',
      top: null,
      formula: 'tasks that run or wait, averaged over 1 minute; then over 5 and 15',
    },
    {
      key: 'disk',
      label: 'Disk busy',
      value: percent(busy),
      detail: `r ${rate(latest('disk_read_bytes_per_second'))} · w ${rate(latest('disk_write_bytes_per_second'))}`,
      level: levelOf(busy, 90, 99),
      series: 'disk_utilization_percent',
      top: 100,
      formula: 'time with a request in flight / elapsed time, of the busiest physical disk',
    },
    {
      key: 'network',
      label: 'Network in',
      value: rate(latest('network_receive_bytes_per_second')),
      detail: `out ${rate(latest('network_transmit_bytes_per_second'))}`,
      level: 'calm',
      series: 'network_receive_bytes_per_second',
      top: null,
      formula: 'bytes / elapsed seconds, loopback not counted',
    },
    {
      key: 'pressure',
      label: 'Pressure',
      value: percent(worst.value),
      detail: waits
        .map(({ resource, value }) => `${resource === 'memory' ? 'mem' : resource} ${value === null ? '–' : Number(value.toFixed(1))}`)
        .join(' · '),
      level: levelOf(worst.value, 40, 80),
      series: `pressure_${worst.resource}_some_percent`,
      top: 100,
      formula: 'time in which a task waited for the resource / elapsed time; the largest of the three',
    },
    {
      key: 'tasks',
      label: 'Processes',
      value: count(latest('processes_total')),
      detail: `${count(latest('processes_running'))} run · ${count(latest('threads_total'))} threads`,
      level: 'calm',
      series: 'processes_total',
      top: null,
      formula: 'processes of the machine; threads that run or could run',
    },
  ];
}
