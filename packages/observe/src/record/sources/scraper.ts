import { HecateError } from '@hecate/host';
import { openPageReader, shown } from './http-page.ts';
import { parsePrometheus } from './prometheus.ts';
import { seriesOf } from './series.ts';
import type { Series } from './series.ts';

/** Reads one page of metrics again and again. */
export interface Scraper {
  /** The address, without a password. */
  readonly address: string;
  /** Fetches and parses the page. Rejects as `PageReader.read` does, and with INVALID when it holds no metrics. */
  scrape(signal?: AbortSignal): Promise<Series>;
  close(): void;
}

/** Opens a scraper; nothing is fetched yet. `timeout` is in seconds, 5 by default. */
export function openScraper(url: URL, timeout?: number): Scraper {
  const reader = openPageReader(timeout);
  const address = shown(url);
  return {
    address,
    async scrape(signal) {
      const text = await reader.read(url, signal);
      try {
        return seriesOf(parsePrometheus(text).samples);
      } catch (error) {
        throw new HecateError('INVALID', `${address} shows no Prometheus metrics.`, {
          hint: 'Metrics are usually at /metrics.',
          cause: error,
        });
      }
    },
    close: () => reader.close(),
  };
}

/** The address of the metrics of a program on `host`. Throws INVALID for an impossible port. */
export function metricsUrl(host: string, port: number): URL {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new HecateError('INVALID', `${port} is not a port.`, { hint: 'Give a whole number from 1 to 65535.' });
  }
  return new URL(`http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}/metrics`);
}
