import type { VNode } from 'preact';
import { sensorNames } from '../../src/record/object-names.ts';
import type { SnapshotFacts } from './api.ts';
import { formatQuantity } from './format-quantity.ts';
import { TableCard } from './table-card.tsx';

/** One sensor as the table shows it. */
interface SensorLine {
  readonly key: string;
  readonly name: string;
  readonly value: number | null;
  readonly unit: string;
  /** The limit that its driver names; null when it names none. */
  readonly limit: number | null;
  readonly alarm: boolean;
}

/** Temperatures, then fans, then what is drawn, of every chip. */
function sensorLines(snapshot: SnapshotFacts | null): SensorLine[] {
  const chips = snapshot?.sensors?.chips ?? [];
  const lists = [
    chips.flatMap((chip) => chip.temperatures.map((row) => ({ chip, row, unit: 'celsius', limit: row.crit ?? row.max }))),
    chips.flatMap((chip) => chip.fans.map((row) => ({ chip, row, unit: 'rpm', limit: row.max }))),
    chips.flatMap((chip) => chip.powers.map((row) => ({ chip, row, unit: 'watts', limit: row.cap ?? row.max }))),
  ];
  return lists.flatMap((list) => {
    const names = sensorNames(list.map(({ chip, row }) => ({ chip, sensor: row.sensor, label: row.label })));
    return list.map(({ row, unit, limit }, index) => ({
      key: `${row.chip} ${row.sensor}`,
      name: names[index]!,
      value: row.value,
      unit,
      limit,
      alarm: row.alarm === true,
    }));
  });
}

/** Every sensor by itself; nothing on a machine without. */
export function SensorTable({ snapshot }: { readonly snapshot: SnapshotFacts | null }): VNode | null {
  const lines = sensorLines(snapshot);
  if (lines.length === 0) return null;
  return (
    <TableCard title="Sensors" count={lines.length}>
      <thead>
        <tr>
          <th>Sensor</th>
          <th class="right">Value</th>
          <th class="right" title="What the driver calls critical, or its highest allowed value">
            Limit
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ key, name, value, unit, limit, alarm }) => (
          <tr key={key}>
            <td>
              {name}
              {alarm ? <em class="tag failure">alarm</em> : null}
            </td>
            <td class="right number">{formatQuantity(value, unit)}</td>
            <td class="right number muted">{formatQuantity(limit, unit)}</td>
          </tr>
        ))}
      </tbody>
    </TableCard>
  );
}
