import { HecateError, systemClock } from '@hecate/host';
import type { Clock } from '@hecate/host';
import { deriveRates, longestBetween } from '@hecate/metrics';
import type { Snapshot } from '@hecate/metrics';
import { COLUMN_INDEX } from '../columns.ts';
import { machineRow } from '../machine-row.ts';
import { isMacmon, macmonRow } from './macmon-row.ts';
import { isMactop, mactopRow } from './mactop-row.ts';
import { isNode, nodeSnapshot } from './node-snapshot.ts';
import type { RowSource } from './row-source.ts';
import { openScraper } from './scraper.ts';
import type { Series } from './series.ts';

/** How a page of metrics is read. */
export interface PrometheusSourceOptions {
  readonly signal?: AbortSignal;
  /** Seconds for one page. Default 5. */
  readonly timeout?: number;
  /** Seconds between two reads: after a gap of more than three of them rates are null. Default: no gap is too long. */
  readonly interval?: number;
  readonly clock?: Clock;
}

/**
 * Rows from a page of Prometheus metrics: node_exporter's, hecate's own `/metrics`, mactop's or macmon's, told apart by their names.
 * Counters become rates between two reads, over the time that really passed; the page is read once at opening, so that the first row has them.
 * A bare `http://host:port` means its `/metrics`. Rejects with INVALID for a page that has none of these names, and as `Scraper.scrape` does.
 */
export async function openPrometheusSource(address: string, options: PrometheusSourceOptions = {}): Promise<RowSource> {
  const { signal, timeout, interval = Infinity, clock = systemClock } = options;
  const scraper = openScraper(parseAddress(address), timeout);
  const rowOf = createRows(scraper.address, longestBetween(interval));
  try {
    rowOf(await scraper.scrape(signal), clock);
  } catch (error) {
    scraper.close();
    throw error;
  }
  return {
    name: scraper.address,
    delay: Number.isFinite(interval) ? Math.min(1, interval * 0.4) : 0,
    async read(readSignal) {
      const series = await scraper.scrape(readSignal);
      return { time: clock.now(), values: rowOf(series, clock) };
    },
    close() {
      scraper.close();
      return Promise.resolve();
    },
  };
}

/** Makes rows of pages; remembers the page before, for rates. */
function createRows(address: string, longest: number): (series: Series, clock: Clock) => (number | null)[] {
  let before: Snapshot | null = null;
  return (series, clock) => {
    if (isMactop(series)) return mactopRow(series);
    if (isMacmon(series)) return macmonRow(series);
    if (!isNode(series)) {
      throw new HecateError('INVALID', `${address} shows no metrics that can be recorded.`, {
        hint: 'Give the address of node_exporter, hecate, mactop or macmon.',
      });
    }
    const after = nodeSnapshot(series, clock.now(), clock.monotonic());
    const row = machineRow(after, deriveRates(before, after, longest));
    before = after;
    set(row, 'processes_total', series.value('node_processes_pids'));
    set(row, 'threads_total', series.value('node_processes_threads'));
    return row;
  };
}

function set(row: (number | null)[], name: string, value: number | null): void {
  const index = COLUMN_INDEX.get(name);
  if (index !== undefined) row[index] = value;
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new HecateError('INVALID', `${address} is not the address of a page of metrics.`, {
      hint: 'Give one like http://localhost:9100/metrics.',
    });
  }
  if (url.pathname === '/' && url.search === '') url.pathname = '/metrics';
  return url;
}
