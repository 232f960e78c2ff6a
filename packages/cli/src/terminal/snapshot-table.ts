import type { CollectorName, CpuUsage, NetworkReading, Rates, Snapshot } from '@hecate/metrics';
import { collectorsOf, countProcesses, eachFilesystemOnce } from '@hecate/metrics';
import { createInk, drawPanel, drawTable, encodeDuration, fit, plainLine, processRows, wrapWords } from '@hecate/observe';
import type { Ink, InkLine, TerminalOptions } from '@hecate/observe';
import { connectionLines } from './connection-panel.ts';
import { declaredLines } from './declared-table.ts';
import { gapSentences } from './gap-sentences.ts';
import { gauge, line, percent, value } from './gauge-line.ts';
import { gpuLines } from './gpu-panel.ts';
import { containerLines, powerLines, raidLines, sensorLines } from './hardware-panels.ts';
import { column, processLines } from './process-lines.ts';

/** Processes that are listed. */
const TOP = 10;
/** Cores that get a line of their own; a machine with more has them in the dashboard. */
const MOST_CORES = 16;

const share = (part: number | null, whole: number | null): number | null => (part !== null && whole ? part / whole : null);

function about({ host }: Snapshot, ink: Ink, width: number): InkLine[] {
  if (!host) return [];
  const system = [
    host.osName,
    host.release && `${host.system} ${host.release}`,
    host.uptime !== null && `up ${encodeDuration(host.uptime)}`,
  ];
  const processor = host.cpuModel === null ? [] : [plainLine(fit(ink, `${host.cpuCount ?? '?'} x ${host.cpuModel}`, width).trimEnd())];
  const known = system.filter(Boolean).join(', ');
  const lines = [...(known === '' ? [] : [plainLine(fit(ink, known, width).trimEnd())]), ...processor];
  return lines.length === 0 ? [] : [...lines, plainLine('')];
}

/** What the time went to, without the modes that this system does not tell apart. */
function shares({ user, nice, system, irq, softirq, iowait, steal }: CpuUsage): string {
  return [
    `${percent(user + nice)} user`,
    `${percent(system + (irq ?? 0) + (softirq ?? 0))} system`,
    ...(iowait === null ? [] : [`${percent(iowait)} iowait`]),
    ...(steal ? [`${percent(steal)} steal`] : []),
  ].join(', ');
}

function processors({ load, cpu }: Snapshot, rates: Rates, ink: Ink, width: number): InkLine[] {
  const used = rates.cpu;
  const modes = used ? shares(used) : `${cpu?.cores.length ?? 0} cores`;
  const cores = used && used.cores.length > 1 && used.cores.length <= MOST_CORES ? used.cores : [];
  return [
    ...(cpu
      ? [gauge(ink, width, 'CPU', used?.usage, modes), ...cores.map((core) => gauge(ink, width, ` core ${core.cpu}`, core.usage, ''))]
      : []),
    ...(load
      ? [line(ink, width, 'Load', `${load.load1.toFixed(2)}, ${load.load5.toFixed(2)}, ${load.load15.toFixed(2)} over 1, 5 and 15 min`)]
      : []),
  ];
}

function memories({ memory }: Snapshot, ink: Ink, width: number): InkLine[] {
  if (!memory) return [];
  const of = (used: number | null, total: number | null): string => `${value(used, 'bytes')} of ${value(total, 'bytes')}`;
  return [
    gauge(
      ink,
      width,
      'Memory',
      share(memory.used, memory.total),
      `${of(memory.used, memory.total)}, cache ${value(memory.cached, 'bytes')}`,
    ),
    memory.swapTotal === 0
      ? line(ink, width, 'Swap', 'none')
      : gauge(ink, width, 'Swap', share(memory.swapUsed, memory.swapTotal), of(memory.swapUsed, memory.swapTotal)),
  ];
}

function pressures({ pressure }: Snapshot, rates: Rates, ink: Ink, width: number): InkLine[] {
  if (!pressure) return [];
  const parts = (['cpu', 'memory', 'io'] as const).map(
    (name) => `${name} ${percent(rates.pressure?.[name].some ?? pressure[name]?.some?.avg10)}`,
  );
  return [line(ink, width, 'Pressure', parts.join(', '))];
}

function disks({ disk }: Snapshot, rates: Rates, ink: Ink, width: number): InkLine[] {
  const rateOf = new Map(rates.disk?.devices.map((rate) => [rate.device, rate]));
  const rows = (disk ?? []).filter(({ physical }) => physical).map((one) => ({ ...one, rate: rateOf.get(one.device) }));
  return rows.length === 0
    ? []
    : drawTable<(typeof rows)[number]>(
        ink,
        [
          column('device', (row) => row.device, undefined, 'start'),
          column('read', (row) => value(row.rate?.readBytesPerSecond, 'bytes/second')),
          column('write', (row) => value(row.rate?.writeBytesPerSecond, 'bytes/second')),
          column('busy', (row) => percent(row.rate?.utilization)),
          column('a read', (row) => value(row.rate?.readLatency, 'seconds'), 2),
          column('a write', (row) => value(row.rate?.writeLatency, 'seconds'), 2),
          column('read in all', (row) => value(row.readBytes, 'bytes'), 1),
          column('written in all', (row) => value(row.writeBytes, 'bytes'), 1),
        ],
        rows,
        width,
      );
}

function filesystems({ filesystem }: Snapshot, ink: Ink, width: number): InkLine[] {
  const rows = eachFilesystemOnce(filesystem ?? []).map((one) => {
    const used = one.size !== null && one.free !== null ? one.size - one.free : null;
    return { ...one, held: used, full: used !== null && one.available !== null ? share(used, used + one.available) : null };
  });
  return rows.length === 0
    ? []
    : drawTable<(typeof rows)[number]>(
        ink,
        [
          column('mounted on', (row) => row.mountpoint, undefined, 'start'),
          column('type', (row) => row.fstype, 2, 'start'),
          column('size', (row) => value(row.size, 'bytes')),
          column('used', (row) => value(row.held, 'bytes'), 1),
          column('free', (row) => value(row.available, 'bytes')),
          column('full', (row) => percent(row.full)),
          column('', (row) => (row.readOnly ? 'read-only' : ''), 3, 'start'),
        ],
        rows,
        width,
      );
}

/** Drops of both directions; half of them would not be all. */
const drops = ({ receiveDrops, transmitDrops }: NetworkReading): string =>
  receiveDrops === null || transmitDrops === null ? '-' : String(receiveDrops + transmitDrops);

function networks({ network, interface: interfaces }: Snapshot, rates: Rates, ink: Ink, width: number): InkLine[] {
  const rows = (network ?? []).map((one) => ({
    ...one,
    rate: rates.network?.devices.find(({ device }) => device === one.device),
    state: interfaces?.find(({ device }) => device === one.device),
  }));
  return rows.length === 0
    ? []
    : drawTable<(typeof rows)[number]>(
        ink,
        [
          column('interface', (row) => row.device, undefined, 'start'),
          column('state', (row) => row.state?.operstate ?? '-', 3, 'start'),
          column('in', (row) => value(row.rate?.receiveBytesPerSecond, 'bytes/second')),
          column('out', (row) => value(row.rate?.transmitBytesPerSecond, 'bytes/second')),
          column('in all', (row) => value(row.receiveBytes, 'bytes'), 2),
          column('out all', (row) => value(row.transmitBytes, 'bytes'), 2),
          column('errors', (row) => String(row.receiveErrors + row.transmitErrors), 4),
          column('drops', (row) => drops(row), 4),
          column('addresses', (row) => row.state?.addresses?.join(' ') ?? '', 5, 'start'),
        ],
        rows,
        width,
      );
}

function topProcesses({ processes }: Snapshot, rates: Rates, ink: Ink, width: number): InkLine[] {
  if (!processes) return [];
  const rows = processRows(processes, rates.processes)
    .sort((a, b) => (b.cpu ?? 0) - (a.cpu ?? 0) || (b.rss ?? -1) - (a.rss ?? -1))
    .slice(0, TOP);
  return processLines(rows, ink, width);
}

/** A box of lines; one without lines is left out. */
type Panel = readonly [title: string, lines: readonly InkLine[]];

/** Collectors whose readings are in the panels below. */
const IN_PANELS: ReadonlySet<CollectorName> = new Set([
  'host',
  'cpu',
  'load',
  'memory',
  'pressure',
  'disk',
  'filesystem',
  'network',
  'interface',
  'raid',
  'sensors',
  'gpu',
  'containers',
  'processes',
]);

/** What was asked for by name and has no panel: every field that is declared for it. */
function asked(
  snapshot: Snapshot,
  only: readonly CollectorName[] | undefined,
  platform: NodeJS.Platform,
  ink: Ink,
  width: number,
): Panel[] {
  if (!only) return [];
  // Alone, the collectors of the panels show all that they have as well.
  const inPanels = only.length > 1 ? IN_PANELS : new Set<CollectorName>(['processes']);
  const found = collectorsOf(platform)
    .filter(({ name }) => only.includes(name))
    .map((collector) => ({ name: collector.name, lines: declaredLines(collector, snapshot, ink, width) }));
  const none = found.filter(({ name, lines }) => lines.length === 0 && snapshot[name] !== null).map(({ name }) => name);
  return [
    ...found.filter(({ name }) => !inPanels.has(name)).map(({ name, lines }): Panel => [name, lines]),
    ['None here', none.length === 0 ? [] : wrapWords(none.join(', '), width).map(plainLine)] satisfies Panel,
  ];
}

/** What is shown of a snapshot, beside what is in it. */
export interface SnapshotView {
  readonly platform: NodeJS.Platform;
  /** Collectors that were asked for by name. */
  readonly only?: readonly CollectorName[] | undefined;
}

/** A snapshot for people: at most as wide as the terminal, plain text where there are no colours. */
export function snapshotTable(snapshot: Snapshot, rates: Rates, view: SnapshotView, terminal: TerminalOptions): string {
  const { width: asking, colour, unicode } = terminal;
  const ink = createInk({ colour, unicode });
  const width = Math.max(40, asking);
  const inner = width - 4;
  // Wrapped, not cut: the reason stands at the end.
  const gaps = gapSentences(snapshot.gaps).flatMap((sentence) =>
    wrapWords(sentence, inner - 2).map((text, index) => plainLine(index === 0 ? text : `  ${text}`)),
  );
  const counted = snapshot.processes && countProcesses(snapshot.processes);
  const machine = [
    ...about(snapshot, ink, inner),
    ...processors(snapshot, rates, ink, inner),
    ...memories(snapshot, ink, inner),
    ...pressures(snapshot, rates, ink, inner),
    ...powerLines(snapshot, rates, ink, inner),
  ];
  const panels: readonly Panel[] = [
    [snapshot.host?.hostname ?? 'This machine', machine],
    ['Disks', disks(snapshot, rates, ink, inner)],
    ['RAID', raidLines(snapshot, ink, inner)],
    ['File systems', filesystems(snapshot, ink, inner)],
    ['Network', networks(snapshot, rates, ink, inner)],
    ['Sensors', sensorLines(snapshot, ink, inner)],
    ['GPUs', gpuLines(snapshot, rates, ink, inner)],
    ['Connections', connectionLines(snapshot, ink, inner)],
    ['Containers', containerLines(snapshot, rates, ink, inner)],
    [
      counted ? `Processes: ${snapshot.processes?.length ?? 0}, threads: ${counted.threads ?? 'unknown'}` : '',
      topProcesses(snapshot, rates, ink, inner),
    ],
    ...asked(snapshot, view.only, view.platform, ink, inner),
    ['Not read', gaps],
  ];
  const shown = panels.filter(([, lines]) => lines.length > 0);
  return `${shown
    .flatMap(([title, lines]) => drawPanel(ink, title, lines, width))
    .map((text) => text.trimEnd())
    .join('\n')}\n`;
}
