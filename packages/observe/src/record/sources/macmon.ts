import { HecateError } from '@hecate/host';
import { isMacmon, macmonRow } from './macmon-row.ts';
import { refused } from './http-page.ts';
import type { RowSource } from './row-source.ts';
import { metricsUrl, openScraper } from './scraper.ts';

/** Where macmon serves. */
export interface MacmonOptions {
  /** Default 9090, as `macmon serve` has it. */
  readonly port?: number;
  /** Default `localhost`. */
  readonly host?: string;
  readonly signal?: AbortSignal;
}

/**
 * Rows from `macmon serve`, which the user starts. Rejects with UNAVAILABLE when nothing answers,
 * CONFLICT when what answers is not macmon.
 */
export async function openMacmonSource(options: MacmonOptions = {}): Promise<RowSource> {
  const { port = 9090, host = 'localhost', signal } = options;
  const scraper = openScraper(metricsUrl(host, port));
  const conflict = (cause?: unknown): HecateError =>
    new HecateError('CONFLICT', `What answers at ${scraper.address} is not macmon.`, {
      hint: 'Give the port of macmon with --port; "macmon serve -p PORT" chooses another one.',
      cause,
    });
  try {
    if (!isMacmon(await scraper.scrape(signal))) throw conflict();
  } catch (error) {
    scraper.close();
    if (!(error instanceof HecateError) || error.code === 'CONFLICT') throw error;
    if (error.code === 'UNAVAILABLE') {
      const hint = refused(error)
        ? `Start it with "macmon serve -p ${port}". Its page: https://github.com/vladkens/macmon`
        : 'Try again in a moment.';
      throw new HecateError('UNAVAILABLE', `macmon does not answer at ${scraper.address}.`, { hint, cause: error });
    }
    throw conflict(error);
  }
  return {
    name: `macmon at ${scraper.address}`,
    async read(readSignal) {
      const series = await scraper.scrape(readSignal);
      if (!isMacmon(series)) throw conflict();
      return { time: Date.now() / 1000, values: macmonRow(series) };
    },
    close() {
      scraper.close();
      return Promise.resolve();
    },
  };
}
