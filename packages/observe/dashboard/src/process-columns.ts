import type { ProcessFrame, ProcessRow } from './api.ts';
import { formatCpuTime, formatQuantity } from './format-quantity.ts';
import { cpuTime } from './process-tree.ts';
import type { ProcessSort } from './process-tree.ts';

/** One column of the process table. */
export interface ProcessColumn {
  readonly sort: ProcessSort;
  readonly title: string;
  /** What it means, shown as the header's tooltip. */
  readonly help: string;
  readonly text: (process: ProcessRow) => string;
  /** Share of a bar behind the number, 0 to 1; absent for no bar. */
  readonly bar?: (process: ProcessRow, frame: ProcessFrame) => number;
}

/** The states that the kernel knows. */
export const STATE_NAMES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'uninterruptible',
  Z: 'zombie',
  T: 'stopped',
  t: 'traced',
  I: 'idle',
  X: 'dead',
  P: 'parked',
  W: 'waking',
  K: 'wakekill',
};

/** A share of one core as percent: `12.3`. */
export function formatCpuShare(cpu: number | null): string {
  if (cpu === null) return '–';
  const percent = cpu * 100;
  if (percent === 0) return '0';
  return percent >= 99.95 ? percent.toFixed(0) : percent.toFixed(1);
}

const rate = (value: number | null): string => (value === 0 ? '0' : formatQuantity(value, 'bytes/second'));

/** The columns left of the command line, in order; the table's style sheet has the same order. */
export const PROCESS_COLUMNS: readonly ProcessColumn[] = [
  { sort: 'pid', title: 'PID', help: 'Number of the process', text: (process) => String(process.pid) },
  { sort: 'name', title: 'Name', help: 'Name of the program', text: (process) => process.name },
  { sort: 'user', title: 'User', help: 'Who runs it', text: (process) => process.user ?? '–' },
  { sort: 'state', title: 'S', help: 'State; the letters are explained above the table', text: (process) => process.state },
  {
    sort: 'cpu',
    title: 'CPU %',
    help: 'CPU time / elapsed time; 100 is one core',
    text: (process) => formatCpuShare(process.cpu),
    bar: (process) => Math.min(1, process.cpu ?? 0),
  },
  {
    sort: 'rss',
    title: 'Memory',
    help: 'Bytes in memory, shared pages included (RSS)',
    text: (process) => formatQuantity(process.rss, 'bytes'),
    bar: (process, frame) => (frame.memoryTotal ? Math.min(1, (process.rss ?? 0) / frame.memoryTotal) : 0),
  },
  { sort: 'threads', title: 'Thr', help: 'Threads', text: (process) => String(process.threads ?? '–') },
  { sort: 'nice', title: 'Ni', help: 'Niceness: -20 goes first, 19 last', text: (process) => String(process.nice) },
  { sort: 'read', title: 'Read', help: 'Bytes read from storage a second', text: (process) => rate(process.readBytesPerSecond) },
  { sort: 'write', title: 'Write', help: 'Bytes written to storage a second', text: (process) => rate(process.writeBytesPerSecond) },
  {
    sort: 'time',
    title: 'CPU time',
    help: 'CPU time since it started',
    text: (process) => formatCpuTime(cpuTime(process)),
  },
];
