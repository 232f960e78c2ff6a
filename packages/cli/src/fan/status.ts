import { clean, createInk, drawPanel, drawTable, plainLine, wrapWords } from '@hecate/observe';
import type { TableColumn } from '@hecate/observe';
import type { Fan, FanHolder, FanReading } from '@hecate/tune';
import { refuseSurplus } from '../changes/transaction-id.ts';
import { print } from '../terminal/print.ts';
import { terminalOf } from '../terminal/terminal.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { openFans, readFans } from './open.ts';
import type { FanRequest } from './request.ts';

/** `hecate fan status`. */
export async function showFans(request: FanRequest): Promise<void> {
  refuseSurplus(request.words);
  const fans = openFans(request);
  try {
    const reading = await readFans(fans);
    const holders = await fans.driver.holders();
    const rows = reading.fans.map((fan) => ({ ...fan, heldBy: holders.findLast(({ id }) => id === fan.id) ?? null }));
    print(request, { fans: rows, temperatures: reading.temperatures }, () => fanPanel(reading, rows, terminalOf(process.stdout)));
  } finally {
    fans.driver.close();
  }
}

type Row = Fan & { readonly heldBy: FanHolder | null };

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function modeText({ mode, heldBy }: Row): string {
  if (heldBy !== null) return heldBy.process === null ? 'held by hecate' : `held by process ${heldBy.process}`;
  return mode ?? '';
}

/** `20-100 %`, `800-3200 rpm`: what it may be set to. */
function boundsText({ control }: Row): string {
  if (!control) return '';
  const { unit, least, most, mayStop } = control;
  const text = unit === 'duty' ? `${Math.round(least * 100)}-${percent(most)}` : `${Math.round(least)}-${Math.round(most)} rpm`;
  return mayStop ? `${text}, may stop` : text;
}

function fanPanel({ temperatures }: FanReading, rows: readonly Row[], { width, ...look }: Terminal): string {
  const ink = createInk(look);
  const column = (head: string, text: (row: Row) => string, more: Partial<TableColumn<Row>> = {}): TableColumn<Row> => ({
    head,
    align: 'start',
    text: (row) => clean(text(row)),
    ...more,
  });
  const nameOf = (id: string): string => temperatures.find((one) => one.id === id)?.label ?? id.slice(id.indexOf('/') + 1);
  const columns = [
    column('fan', ({ id }) => id),
    column('label', ({ label }) => label ?? '', { leaves: 1 }),
    column('speed', ({ rpm }) => (rpm === null ? '' : `${Math.round(rpm)} rpm`), { align: 'end' }),
    column('duty', ({ duty }) => (duty === null ? '' : percent(duty)), { align: 'end' }),
    column('decides', modeText, {
      paint: (text, { heldBy, mode }) => ink.paint(text, heldBy ? 'strong' : mode === 'manual' ? 'warn' : 'plain'),
    }),
    column('may be set to', boundsText, { leaves: 2 }),
    column('follows', ({ follows }) => (follows ?? []).map(nameOf).join(', '), { leaves: 3 }),
  ].filter(({ head, text }) => head === 'fan' || rows.some((row) => text(row) !== ''));
  const fixed = rows.filter(({ control }) => control === null);
  const notes = [...new Set(fixed.map(({ why }) => why))].flatMap((why) => {
    const ids = fixed.filter((row) => row.why === why).map(({ id }) => id);
    return wrapWords(`${ids.join(', ')} cannot be set. ${why}`, width - 4).map(plainLine);
  });
  return `${drawPanel(ink, 'Fans', [...drawTable(ink, columns, rows, width - 4), ...notes], width).join('\n')}\n`;
}
