import { encodeValue, fit, plainLine, unitOf } from '@hecate/observe';
import type { Ink, InkLine } from '@hecate/observe';
import { gauge, line } from '../terminal/gauge-line.ts';

type Values = ReadonlyMap<string, number | null>;

/** Looks values up by column, and remembers which were shown. */
interface Shown {
  number(name: string): number | null;
  text(name: string): string;
  /** Whether it has a value. */
  has(name: string): boolean;
  readonly names: ReadonlySet<string>;
}

function look(values: Values): Shown {
  const names = new Set<string>();
  const number = (name: string): number | null => {
    names.add(name);
    return values.get(name) ?? null;
  };
  return {
    number,
    text: (name) => encodeValue(number(name), unitOf(name)),
    has: (name) => (values.get(name) ?? null) !== null,
    names,
  };
}

const share = (part: number | null, whole: number | null): number | null => (part !== null && whole ? part / whole : null);
const hundredth = (percent: number | null): number | null => (percent === null ? null : percent / 100);
/** Parts of a sentence that there are; null: there are none. */
const listed = (...parts: readonly (string | false)[]): string | null => parts.filter((part) => part !== false).join(', ') || null;

/** CPU, load, pressure and what runs. */
function processorLines({ number, text, has }: Shown, ink: Ink, width: number): (InkLine | null)[] {
  const modes = ['user', 'system', 'iowait', 'steal'].filter((mode) => has(`cpu_${mode}_percent`));
  // A machine that nobody shares has no steal, and its line has no room for it.
  const told = modes.filter((mode) => number(`cpu_${mode}_percent`) !== 0 || mode !== 'steal');
  const tasks = listed(
    has('processes_total') && `${text('processes_total')} processes`,
    has('threads_total') && `${text('threads_total')} threads`,
    has('processes_running') && `${text('processes_running')} running`,
    has('processes_blocked') && `${text('processes_blocked')} blocked`,
  );
  const pressures = ['cpu', 'memory', 'io'].flatMap((name) => {
    const full = `pressure_${name}_full_percent`;
    return has(`pressure_${name}_some_percent`)
      ? [`${name} ${text(`pressure_${name}_some_percent`)}${has(full) ? ` (full ${text(full)})` : ''}`]
      : [];
  });
  return [
    has('cpu_usage_percent')
      ? gauge(
          ink,
          width,
          'CPU',
          hundredth(number('cpu_usage_percent')),
          told.map((mode) => `${text(`cpu_${mode}_percent`)} ${mode}`).join(', '),
        )
      : null,
    has('load1') ? line(ink, width, 'Load', `${text('load1')}, ${text('load5')}, ${text('load15')} over 1, 5 and 15 min`) : null,
    pressures.length > 0 ? line(ink, width, 'Pressure', pressures.join(', ')) : null,
    tasks === null ? null : line(ink, width, 'Tasks', tasks),
    has('context_switches_per_second') ? line(ink, width, 'Switches', text('context_switches_per_second')) : null,
  ];
}

/** Memory and swap. What is available is what is not used: the gauge says it. */
function memoryLines({ number, text, has }: Shown, ink: Ink, width: number): (InkLine | null)[] {
  const lines: (InkLine | null)[] = [];
  if (has('memory_used') && has('memory_total')) {
    number('memory_available');
    const cached = has('memory_cached') ? `, cache ${text('memory_cached')}` : '';
    const of = `${text('memory_used')} of ${text('memory_total')}${cached}`;
    lines.push(gauge(ink, width, 'Memory', share(number('memory_used'), number('memory_total')), of));
  }
  if (number('memory_swap_total') === 0) {
    number('memory_swap_used');
    lines.push(line(ink, width, 'Swap', 'none'));
  } else if (has('memory_swap_total')) {
    const of = `${text('memory_swap_used')} of ${text('memory_swap_total')}`;
    lines.push(gauge(ink, width, 'Swap', share(number('memory_swap_used'), number('memory_swap_total')), of));
  }
  return lines;
}

/** Disks, the root file system, and the network. */
function deviceLines({ number, text, has }: Shown, ink: Ink, width: number): (InkLine | null)[] {
  const within = (way: string): string => {
    const latency = `disk_${way}_latency_seconds`;
    return has(latency) ? ` in ${text(latency)}` : '';
  };
  const disks = listed(
    has('disk_read_bytes_per_second') && `read ${text('disk_read_bytes_per_second')}${within('read')}`,
    has('disk_write_bytes_per_second') && `write ${text('disk_write_bytes_per_second')}${within('write')}`,
    has('disk_utilization_percent') && `busy ${text('disk_utilization_percent')}`,
  );
  const network = listed(
    has('network_receive_bytes_per_second') && `in ${text('network_receive_bytes_per_second')}`,
    has('network_transmit_bytes_per_second') && `out ${text('network_transmit_bytes_per_second')}`,
    has('network_errors_per_second') && `errors ${text('network_errors_per_second')}`,
  );
  return [
    has('root_filesystem_used_percent')
      ? gauge(ink, width, 'Root', hundredth(number('root_filesystem_used_percent')), 'of the space of /')
      : null,
    disks === null ? null : line(ink, width, 'Disks', disks),
    network === null ? null : line(ink, width, 'Network', network),
  ];
}

const UNIT_WORDS = /_(percent|watts|celsius|hertz|seconds|per_second|bytes_per_second)$/;

/** Every column of a row that has a value: those of a snapshot's panel as there, the others by name. */
export function columnLines(values: Values, ink: Ink, width: number): InkLine[] {
  const shown = look(values);
  const lines = [...processorLines(shown, ink, width), ...memoryLines(shown, ink, width), ...deviceLines(shown, ink, width)];
  const others = [...values].filter(([name, value]) => value !== null && !shown.names.has(name));
  const words = others.map(([name]) => name.replace(UNIT_WORDS, '').replaceAll('_', ' '));
  const longest = Math.max(0, ...words.map((text) => text.length));
  return [
    ...lines.filter((one) => one !== null),
    ...others.map(([name, value], index) =>
      plainLine(fit(ink, `${(words[index] as string).padEnd(longest)}  ${encodeValue(value, unitOf(name))}`, width).trimEnd()),
    ),
  ];
}
