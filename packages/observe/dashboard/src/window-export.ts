import type { Page } from './page.ts';
import type { Aligned } from './series-store.ts';

/** A cell of CSV; quoted where it must be, and with a quote before what a spreadsheet would run as a formula. */
function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of series as CSV: ISO times, one column a series, an empty cell where nothing is known. */
export function seriesCsv(ids: readonly string[], data: Aligned): string {
  const [time, ...values] = data;
  const lines = [['timestamp', ...ids].map(csvText).join(',')];
  for (let row = 0; row < time.length; row++) {
    lines.push([new Date(time[row]! * 1000).toISOString(), ...values.map((column) => column[row] ?? '')].join(','));
  }
  return `${lines.join('\n')}\n`;
}

/** Saves text as a file of this name. */
export function saveFile(text: string, type: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Saves what the charts show as a file. */
export function downloadVisible(page: Page): void {
  const { from, to } = page.visible();
  const store = page.history.storeFor({ from, to });
  const ids = store.ids();
  const since = new Date(from * 1000).toISOString().slice(0, 19).replaceAll(':', '');
  saveFile(seriesCsv(ids, store.select(ids, from, to)), 'text/csv', `${page.host.get()?.hostname ?? 'machine'}-${since}.csv`);
}
