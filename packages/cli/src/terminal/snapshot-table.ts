import type { Rates, Snapshot } from '@hecate/metrics';
import { countProcesses } from '@hecate/metrics';
import { processRows } from '@hecate/observe';
import { fit, layTable } from './layout.ts';
import { bytes, duration, milliseconds, percent, UNKNOWN } from './quantity.ts';
import { paint, printable } from './terminal.ts';
import type { Colour, Terminal } from './terminal.ts';

/** Processes that are listed. */
const TOP = 10;

const level = (ratio: number): Colour => (ratio < 0.6 ? 'green' : ratio < 0.85 ? 'yellow' : 'red');

function bar(terminal: Terminal, ratio: number | null | undefined, width: number): string {
  if (ratio === null || ratio === undefined) return ' '.repeat(width);
  const [full, empty] = terminal.unicode ? ['█', '░'] : ['#', '.'];
  const filled = Math.round(Math.min(1, Math.max(0, ratio)) * width);
  return paint(terminal, level(ratio), full.repeat(filled)) + paint(terminal, 'grey', empty.repeat(width - filled));
}

function gauge(terminal: Terminal, name: string, ratio: number | null | undefined, rest: string): string {
  return `${fit(name, 10)}${bar(terminal, ratio, 24)} ${percent(ratio).padStart(8)}  ${rest}`.trimEnd();
}

function title(terminal: Terminal, text: string): string {
  return paint(terminal, 'bold', text);
}

function about({ host }: Snapshot, terminal: Terminal): string[] {
  if (!host) return [];
  const system = [host.osName, host.release && `${host.system} ${host.release}`, host.uptime !== null && `up ${duration(host.uptime)}`];
  return [
    `${title(terminal, printable(host.hostname ?? 'unnamed'))}  ${system.filter(Boolean).map((part) => printable(String(part))).join(', ')}`,
    ...(host.cpuModel ? [paint(terminal, 'grey', `${host.cpuCount ?? '?'} x ${printable(host.cpuModel)}`)] : []),
    '',
  ];
}

function processors({ load, cpu }: Snapshot, rates: Rates, terminal: Terminal): string[] {
  const lines: string[] = [];
  if (cpu) {
    const used = rates.cpu;
    const modes = used ? `user ${percent(used.user + used.nice)}, system ${percent(used.system + used.irq + used.softirq)}, iowait ${percent(used.iowait)}, steal ${percent(used.steal)}` : `${cpu.cores.length} cores`;
    lines.push(gauge(terminal, 'CPU', used?.usage, modes));
    for (const core of used?.cores ?? []) lines.push(gauge(terminal, `  core ${core.cpu}`, core.usage, ''));
  }
  if (load) lines.push(`${fit('Load', 10)}${load.load1.toFixed(2)}  ${load.load5.toFixed(2)}  ${load.load15.toFixed(2)}`);
  return lines;
}

function memories({ memory }: Snapshot, terminal: Terminal): string[] {
  if (!memory) return [];
  const of = (used: number | null, total: number | null): number | null => (used !== null && total ? used / total : null);
  const lines = [gauge(terminal, 'Memory', of(memory.used, memory.total), `${bytes(memory.used)} of ${bytes(memory.total)}, cached ${bytes(memory.cached)}`)];
  const swap = memory.swapTotal === 0 ? 'none' : `${bytes(memory.swapUsed)} of ${bytes(memory.swapTotal)}`;
  return [...lines, gauge(terminal, 'Swap', of(memory.swapUsed, memory.swapTotal), swap)];
}

function pressures({ pressure }: Snapshot, rates: Rates): string[] {
  if (!pressure) return [];
  const parts = (['cpu', 'memory', 'io'] as const).map((name) => `${name} ${percent(rates.pressure?.[name].some ?? pressure[name]?.some?.avg10)}`);
  return [`${fit('Pressure', 10)}${parts.join(', ')}`];
}

const section = (terminal: Terminal, name: string, lines: readonly string[]): string[] =>
  lines.length > 1 ? ['', title(terminal, name), ...lines.map((line) => `  ${line}`)] : [];

function disks({ disk }: Snapshot, rates: Rates, width: number): string[] {
  const rows = (disk ?? []).filter(({ physical }) => physical).map((one) => {
    const rate = rates.disk?.devices.find(({ device }) => device === one.device);
    return [
      printable(one.device), bytes(rate?.readBytesPerSecond, '/s'), bytes(rate?.writeBytesPerSecond, '/s'), percent(rate?.utilization),
      milliseconds(rate?.readLatency), milliseconds(rate?.writeLatency), bytes(one.readBytes), bytes(one.writeBytes),
    ];
  });
  const columns = ['device', 'read', 'write', 'busy', 'per read', 'per write', 'read in all', 'written in all'];
  return layTable(columns.map((name, index) => (index === 0 ? { title: name } : { title: name, align: 'end' })), rows, width);
}

function filesystems({ filesystem }: Snapshot, width: number): string[] {
  const rows = (filesystem ?? []).map(({ mountpoint, fstype, size, free, available, readOnly }) => {
    const used = size !== null && free !== null ? size - free : null;
    const share = used !== null && available !== null && used + available > 0 ? used / (used + available) : null;
    return [printable(mountpoint), printable(fstype), bytes(size), bytes(used), bytes(available), percent(share), readOnly ? 'read-only' : ''];
  });
  return layTable([
    { title: 'mounted on', grows: true }, { title: 'type' }, { title: 'size', align: 'end' }, { title: 'used', align: 'end' },
    { title: 'available', align: 'end' }, { title: 'used', align: 'end' }, { title: '' },
  ], rows, width);
}

function networks({ network, interface: interfaces }: Snapshot, rates: Rates, width: number): string[] {
  const rows = (network ?? []).map((one) => {
    const rate = rates.network?.devices.find(({ device }) => device === one.device);
    const state = interfaces?.find(({ device }) => device === one.device);
    return [
      printable(one.device), printable(state?.operstate ?? UNKNOWN), bytes(rate?.receiveBytesPerSecond, '/s'), bytes(rate?.transmitBytesPerSecond, '/s'),
      bytes(one.receiveBytes), bytes(one.transmitBytes), String(one.receiveErrors + one.transmitErrors), String(one.receiveDrops + one.transmitDrops),
      (state?.addresses ?? []).map(printable).join(' '),
    ];
  });
  return layTable([
    { title: 'interface' }, { title: 'state' }, { title: 'in', align: 'end' }, { title: 'out', align: 'end' }, { title: 'in all', align: 'end' },
    { title: 'out all', align: 'end' }, { title: 'errors', align: 'end' }, { title: 'drops', align: 'end' }, { title: 'addresses', grows: true },
  ], rows, width);
}

function topProcesses({ processes }: Snapshot, rates: Rates, width: number): string[] {
  if (!processes) return [];
  const rows = processRows(processes, rates.processes)
    .sort((a, b) => (b.cpu ?? 0) - (a.cpu ?? 0) || b.rss - a.rss)
    .slice(0, TOP)
    .map((row) => [String(row.pid), printable(row.user ?? UNKNOWN), percent(row.cpu), bytes(row.rss), row.state, String(row.threads), printable(row.command || `[${row.name}]`)]);
  return layTable([
    { title: 'pid', align: 'end' }, { title: 'user', most: 12 }, { title: 'cpu', align: 'end' }, { title: 'memory', align: 'end' },
    { title: 's' }, { title: 'threads', align: 'end' }, { title: 'command', grows: true },
  ], rows, width);
}

/** A snapshot for people: at most as wide as the terminal, without colours where there are none. */
export function snapshotTable(snapshot: Snapshot, rates: Rates, terminal: Terminal): string {
  const inner = terminal.width - 2;
  const counted = snapshot.processes && countProcesses(snapshot.processes);
  const gaps = snapshot.gaps.map(({ field, reason, detail }) => fit(`${printable(field)}: ${reason}. ${printable(detail)}`, inner).trimEnd());
  const lines = [
    ...about(snapshot, terminal),
    ...processors(snapshot, rates, terminal),
    ...memories(snapshot, terminal),
    ...pressures(snapshot, rates),
    ...section(terminal, 'Disks', disks(snapshot, rates, inner)),
    ...section(terminal, 'File systems', filesystems(snapshot, inner)),
    ...section(terminal, 'Network', networks(snapshot, rates, inner)),
    ...(counted ? section(terminal, `Processes  ${snapshot.processes.length}, threads ${counted.threads}`, topProcesses(snapshot, rates, inner)) : []),
    ...(gaps.length > 0 ? ['', title(terminal, 'Not read'), ...gaps.map((gap) => `  ${gap}`)] : []),
  ];
  const text = `${lines.join('\n')}\n`;
  return terminal.unicode ? text : text.replaceAll('…', '~');
}
