import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError, sentenceOf } from '@hecate/host';
import { refused } from './http-page.ts';
import { MACTOP_PAGE, startMactop } from './mactop-process.ts';
import type { MactopProcess } from './mactop-process.ts';
import { isMactop, mactopIsReady, mactopRow } from './mactop-row.ts';
import type { RowSource } from './row-source.ts';
import { metricsUrl, openScraper } from './scraper.ts';
import type { Scraper } from './scraper.ts';
import type { Series } from './series.ts';

/** Where mactop serves, and how long to wait for it. */
export interface MactopOptions {
  /** Default 8888. */
  readonly port?: number;
  /** Default `localhost`. mactop is started only there. */
  readonly host?: string;
  readonly signal?: AbortSignal;
  /** Gets what the user should know, one sentence each. */
  readonly say?: (sentence: string) => void;
  /** Seconds that a mactop that was started may take until it answers; the time for a password does not count. Default 15. */
  readonly patience?: number;
}

/** Seconds that sudo may wait for a password. */
const PASSWORD_PATIENCE = 300;
const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/**
 * Rows from mactop's Prometheus page. When nothing answers on the port, mactop is started with sudo and stopped on close.
 * Rejects with UNAVAILABLE when mactop is not installed or does not come up, CONFLICT when what answers is not mactop.
 */
export async function openMactopSource(options: MactopOptions = {}): Promise<RowSource> {
  const { port = 8888, host = 'localhost', signal, say = () => undefined, patience = 15 } = options;
  const scraper = openScraper(metricsUrl(host, port));
  let started: MactopProcess | null = null;
  const close = async (): Promise<void> => {
    scraper.close();
    await started?.stop();
  };
  try {
    let series = await probe(scraper, signal);
    if (series === null) {
      if (!LOCAL.has(host)) {
        throw new HecateError('UNAVAILABLE', `Nothing answers at ${scraper.address}.`, {
          hint: `Start mactop there: mactop -p ${port} -i 250`,
        });
      }
      started = await startMactop(port, say);
    }
    series = await untilReady(scraper, started, patience, series, signal);
    checkMactop(series, scraper.address);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    name: `mactop at ${scraper.address}`,
    async read(readSignal) {
      let series: Series;
      try {
        series = await scraper.scrape(readSignal);
      } catch (error) {
        const end = started?.ended();
        if (!end || readSignal?.aborted) throw error;
        throw new HecateError('UNAVAILABLE', `mactop ${end}.`, { hint: 'Start the recording again.', cause: error });
      }
      checkMactop(series, scraper.address);
      if (!mactopIsReady(series)) throw new HecateError('UNAVAILABLE', 'mactop has not measured yet.', { hint: 'Try again in a moment.' });
      return { time: Date.now() / 1000, values: mactopRow(series) };
    },
    close,
  };
}

/** The page, or null when nothing listens there. Anything else that answers is in the way. */
async function probe(scraper: Scraper, signal: AbortSignal | undefined): Promise<Series | null> {
  let series: Series;
  try {
    series = await scraper.scrape(signal);
  } catch (error) {
    if (signal?.aborted) throw error;
    if (refused(error)) return null;
    throw notMactop(scraper.address, error);
  }
  checkMactop(series, scraper.address);
  return series;
}

function checkMactop(series: Series, address: string): void {
  if (!isMactop(series)) throw notMactop(address);
}

function notMactop(address: string, cause?: unknown): HecateError {
  return new HecateError('CONFLICT', `What answers at ${address} shows no metrics of mactop.`, {
    // Until 2.1.3 mactop's headless mode published only figures about itself.
    hint: `Choose another port with --port. If it is mactop: update it, or start it without --headless (${MACTOP_PAGE}).`,
    cause,
  });
}

/** Waits until mactop shows measured values. `started` is null when it ran already. */
async function untilReady(
  scraper: Scraper,
  started: MactopProcess | null,
  patience: number,
  first: Series | null,
  signal: AbortSignal | undefined,
): Promise<Series> {
  const begin = performance.now();
  let since = begin;
  for (let series = first; ; series = await probe(scraper, signal)) {
    if (series !== null && mactopIsReady(series)) return series;
    const end = started?.ended() ?? null;
    if (started && end !== null) {
      throw new HecateError('UNAVAILABLE', `mactop could not be started: ${started.command} ${end}.`, {
        hint: 'Run that command by itself to see why.',
      });
    }
    const now = performance.now();
    if (started && series === null && now - begin < PASSWORD_PATIENCE * 1000 && (await started.asksPassword())) since = now;
    if (now - since > patience * 1000) {
      const state = series === null ? 'does not answer' : 'shows no values';
      throw new HecateError('UNAVAILABLE', `mactop ${state} at ${scraper.address} after ${patience} s.`, {
        hint: started ? `Run it by itself to see why: ${started.command}` : 'Restart mactop.',
      });
    }
    await pause(signal);
  }
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(200, undefined, signal ? { signal } : {});
  } catch (error) {
    throw signal?.aborted ? signal.reason : new HecateError('FAILED', sentenceOf(error), { cause: error });
  }
}
