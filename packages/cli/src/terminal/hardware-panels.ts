import { clean, drawTable, encodeDuration, encodeValue, fit, plainLine } from '@hecate/observe';
import type { Ink, InkLine, TableColumn } from '@hecate/observe';
import { cpuTemperature } from '@hecate/metrics';
import type { Rates, Snapshot } from '@hecate/metrics';

/** Sensors that are listed; servers have hundreds. */
const MOST_SENSORS = 24;

const line = (ink: Ink, width: number, name: string, rest: string): InkLine =>
  plainLine(fit(ink, `${name.padEnd(9)} ${rest}`, width).trimEnd());

/** What the machine runs on and what it draws; nothing where it does not say. */
export function powerLines({ power, sensors, thermal }: Snapshot, rates: Rates, ink: Ink, width: number): InkLine[] {
  const lines: InkLine[] = [];
  const temperature = cpuTemperature(sensors, thermal);
  const drawn = rates.energy?.packagePower ?? null;
  const cpu = [temperature !== null && encodeValue(temperature, 'celsius'), drawn !== null && encodeValue(drawn, 'watts')].filter(Boolean);
  if (cpu.length > 0) lines.push(line(ink, width, 'Processor', cpu.join(', ')));
  if (power && power.charge !== null) {
    const { charge, timeToEmpty, timeToFull, source } = power;
    const left =
      timeToEmpty !== null
        ? `, empty in ${encodeDuration(timeToEmpty)}`
        : timeToFull !== null
          ? `, full in ${encodeDuration(timeToFull)}`
          : '';
    const feed = source === 'unknown' ? '' : `, on ${source === 'ac' ? 'mains' : 'battery'}`;
    lines.push(line(ink, width, 'Battery', `${encodeValue(Math.round(charge * 1000) / 10, 'percent')}${left}${feed}`));
  }
  return lines;
}

interface SensorLine {
  readonly chip: string;
  readonly sensor: string;
  readonly value: string;
  readonly limit: string;
}

const column = <Row>(head: string, text: (row: Row) => string, align: 'start' | 'end' = 'end', leaves?: number): TableColumn<Row> => ({
  head,
  align,
  text: (row) => clean(text(row)),
  ...(leaves === undefined ? {} : { leaves }),
});

/** Temperatures and fans, chip by chip. */
export function sensorLines({ sensors }: Snapshot, ink: Ink, width: number): InkLine[] {
  const rows = (sensors?.chips ?? []).flatMap((chip): SensorLine[] => {
    const name = chip.name ?? chip.id;
    const warm = chip.temperatures.filter(({ value }) => value !== null);
    const turning = chip.fans.filter(({ value }) => value !== null);
    return [
      ...warm.map(({ sensor, label, value, crit, max }) => ({
        chip: name,
        sensor: label ?? sensor,
        value: encodeValue(value, 'celsius'),
        limit: (crit ?? max) === null ? '' : `of ${encodeValue(crit ?? max, 'celsius')}`,
      })),
      ...turning.map(({ sensor, label, value, pwm }) => ({
        chip: name,
        sensor: label ?? sensor,
        // A Mac tells them as floats.
        value: `${Math.round(value!)} rpm`,
        limit: pwm === null ? '' : `at ${encodeValue(Math.round(pwm * 100), 'percent')}`,
      })),
    ];
  });
  if (rows.length === 0) return [];
  const more = rows.length > MOST_SENSORS ? [plainLine(`and ${rows.length - MOST_SENSORS} more: hecate snapshot --only sensors`)] : [];
  const columns = [
    column<SensorLine>('chip', (row) => row.chip, 'start'),
    column<SensorLine>('sensor', (row) => row.sensor, 'start'),
    column<SensorLine>('now', (row) => row.value),
    column<SensorLine>('limit', (row) => row.limit, 'start', 1),
  ];
  return [...drawTable(ink, columns, rows.slice(0, MOST_SENSORS), width), ...more];
}

/** Arrays of software RAID: what they are, how many of their disks work, what they do. */
export function raidLines({ raid }: Snapshot, ink: Ink, width: number): InkLine[] {
  const rows = (raid ?? []).filter(({ activity }) => activity !== 'inactive');
  if (rows.length === 0) return [];
  return drawTable<(typeof rows)[number]>(
    ink,
    [
      column('array', (row) => row.device, 'start'),
      column('level', (row) => row.level ?? '-', 'start'),
      column('size', (row) => encodeValue(row.size, 'bytes'), 'end', 2),
      {
        ...column('disks', ({ active, required }) =>
          active === null && required === null ? '-' : `${active ?? '?'} of ${required ?? '?'}`,
        ),
        paint: (text, row) => (row.degraded ? ink.paint(text, 'bad') : text),
      },
      column(
        '',
        ({ sync }) => (sync ? `${sync.action}${sync.total ? ` ${Math.floor((sync.done / sync.total) * 100)} %` : ''}` : ''),
        'start',
        1,
      ),
    ],
    rows,
    width,
  );
}

/** Containers that run here, the busiest first. */
export function containerLines({ containers }: Snapshot, rates: Rates, ink: Ink, width: number): InkLine[] {
  const rateOf = new Map(rates.containers?.map((rate) => [rate.id, rate]));
  const rows = (containers ?? [])
    .map((one) => ({ ...one, rate: rateOf.get(one.id) }))
    .sort((a, b) => (b.rate?.cpuCores ?? 0) - (a.rate?.cpuCores ?? 0) || (b.workingSet ?? 0) - (a.workingSet ?? 0));
  if (rows.length === 0) return [];
  return drawTable<(typeof rows)[number]>(
    ink,
    [
      column('container', (row) => row.name || row.id.slice(0, 12), 'start'),
      column('by', (row) => row.runtime, 'start', 3),
      column('cores', (row) => ((row.rate?.cpuCores ?? null) === null ? '-' : row.rate!.cpuCores!.toFixed(2))),
      column('memory', (row) => encodeValue(row.workingSet, 'bytes')),
      column('limit', (row) => encodeValue(row.memoryLimit, 'bytes'), 'end', 2),
      column('pids', (row) => (row.pids === null ? '-' : String(row.pids)), 'end', 4),
      column('killed', (row) => (row.oomKills ? `${row.oomKills} for memory` : ''), 'start', 1),
    ],
    rows.slice(0, MOST_SENSORS),
    width,
  );
}
