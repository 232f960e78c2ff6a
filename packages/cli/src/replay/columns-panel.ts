import { encodeValue, fit, plainLine, unitOf } from '@hecate/observe';
import type { Ink, InkLine } from '@hecate/observe';
import { gauge, line } from '../terminal/gauge-line.ts';

type Values = ReadonlyMap<string, number | null>;

/** Looks values up by column, and remembers which were shown. */
interface Shown {
  number(name: string): number | null;
  text(name: string): string;
  /** Whether any of these has a value. */
  has(...names: readonly string[]): boolean;
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
    has: (...wanted) => wanted.some((name) => (values.get(name) ?? null) !== null),
    names,
  };
}

const share = (part: number | null, whole: number | null): number | null => (part !== null && whole ? part / whole : null);
const hundredth = (percent: number | null): number | null => (percent === null ? null : percent / 100);

/** The lines that the panel of a snapshot has too, as far as day files know them. */
function familiar({ number, text, has }: Shown, ink: Ink, width: number): InkLine[] {
  const lines: InkLine[] = [];
  if (has('cpu_usage_percent')) {
    const modes = ['user', 'system', 'iowait', 'steal'].filter((mode) => has(`cpu_${mode}_percent`));
    const said = modes.map((mode) => `${text(`cpu_${mode}_percent`)} ${mode}`).join(', ');
    lines.push(gauge(ink, width, 'CPU', hundredth(number('cpu_usage_percent')), said));
  }
  if (has('load1')) lines.push(line(ink, width, 'Load', `${text('load1')}, ${text('load5')}, ${text('load15')} over 1, 5 and 15 min`));
  if (has('memory_used')) {
    const cached = has('memory_cached') ? `, cache ${text('memory_cached')}` : '';
    const of = `${text('memory_used')} of ${text('memory_total')}${cached}`;
    lines.push(gauge(ink, width, 'Memory', share(number('memory_used'), number('memory_total')), of));
  }
  if (number('memory_swap_total') === 0) lines.push(line(ink, width, 'Swap', 'none'));
  else if (has('memory_swap_total')) {
    const of = `${text('memory_swap_used')} of ${text('memory_swap_total')}`;
    lines.push(gauge(ink, width, 'Swap', share(number('memory_swap_used'), number('memory_swap_total')), of));
  }
  const pressures = ['cpu', 'memory', 'io'].filter((name) => has(`pressure_${name}_some_percent`));
  if (pressures.length > 0) {
    lines.push(line(ink, width, 'Pressure', pressures.map((name) => `${name} ${text(`pressure_${name}_some_percent`)}`).join(', ')));
  }
  if (has('disk_read_bytes_per_second')) {
    const busy = has('disk_utilization_percent') ? `, busy ${text('disk_utilization_percent')}` : '';
    lines.push(
      line(ink, width, 'Disks', `read ${text('disk_read_bytes_per_second')}, write ${text('disk_write_bytes_per_second')}${busy}`),
    );
  }
  if (has('network_receive_bytes_per_second')) {
    const rates = `in ${text('network_receive_bytes_per_second')}, out ${text('network_transmit_bytes_per_second')}`;
    lines.push(line(ink, width, 'Network', rates));
  }
  number('memory_swap_used');
  return lines;
}

/** Every column of a row that has a value: those of a snapshot's panel as there, the others by name. */
export function columnLines(values: Values, ink: Ink, width: number): InkLine[] {
  const shown = look(values);
  const lines = familiar(shown, ink, width);
  const others = [...values].filter(([name, value]) => value !== null && !shown.names.has(name));
  const longest = Math.max(0, ...others.map(([name]) => name.length));
  return [
    ...lines,
    ...others.map(([name, value]) => plainLine(fit(ink, `${name.padEnd(longest)}  ${encodeValue(value, unitOf(name))}`, width).trimEnd())),
  ];
}
