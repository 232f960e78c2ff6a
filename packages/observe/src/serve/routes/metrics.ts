import { HecateError, nearestNames } from '@hecate/host';
import { collectorsOf } from '@hecate/metrics';
import type { Snapshot } from '@hecate/metrics';
import { ENCODERS } from '../../export/encoders.ts';
import type { Frame, Hub } from '../hub.ts';
import { joinBytes } from '../pieces.ts';
import { frameOf } from '../route.ts';
import type { Answer, Question, Route, RouteContext } from '../route.ts';
import { createScrape } from '../scrape.ts';
import type { Scrape } from '../scrape.ts';

const scrapes = new WeakMap<Hub, Scrape>();

/** Whether a client takes gzip: named, and not with a weight of 0. */
const takesGzip = (accepted: string): boolean => /(?:^|[\s,])gzip\s*(?:$|,|;(?!\s*q=0(?:\.0*)?\s*(?:,|$)))/.test(accepted);

/** A snapshot of some collectors only, as if the others had not been read. Throws INVALID for names that there are not. */
function narrow(snapshot: Snapshot, platform: NodeJS.Platform, query: URLSearchParams): Snapshot {
  const [collect, exclude] = [query.getAll('collect[]'), query.getAll('exclude[]')];
  if (collect.length > 0 && exclude.length > 0) throw new HecateError('INVALID', 'collect[] and exclude[] cannot be combined.');
  const names: readonly string[] = collectorsOf(platform).map(({ name }) => name);
  for (const name of [...collect, ...exclude]) {
    if (names.includes(name)) continue;
    const [near] = nearestNames(name, names);
    const hint = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${near}?`;
    throw new HecateError('INVALID', `There is no collector ${JSON.stringify(name)}.`, { hint });
  }
  const isWanted = (name: string): boolean => (collect.length > 0 ? collect.includes(name) : !exclude.includes(name));
  const unread = Object.fromEntries(names.filter((name) => !isWanted(name)).map((name) => [name, null]));
  return { ...snapshot, ...unread, runs: snapshot.runs.filter(({ collector }) => isWanted(collector)) };
}

async function metrics({ hub, platform, selfMetrics }: RouteContext, { query, accept, headers }: Question): Promise<Answer> {
  const frame: Frame = await frameOf(hub);
  const format = accept.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus';
  const { type, pieces } = ENCODERS[format];
  if (query.has('collect[]') || query.has('exclude[]')) {
    const snapshot = narrow(frame.snapshot, platform, query);
    return { type, body: await joinBytes(pieces({ snapshot, rates: frame.rates, platform })) };
  }
  let scrape = scrapes.get(hub);
  if (!scrape) scrapes.set(hub, (scrape = createScrape({ hub, platform, more: () => selfMetrics?.() ?? [] })));
  const zipped = takesGzip(headers?.['accept-encoding'] ?? '');
  return {
    type,
    body: await scrape.body(frame, { format, zipped }),
    headers: { Vary: 'Accept, Accept-Encoding', ...(zipped ? { 'Content-Encoding': 'gzip' } : {}) },
  };
}

const TEXT = { type: 'string' };
const NAMES = { type: 'array', items: TEXT };

/** What Prometheus scrapes. */
export const METRICS: Route = {
  method: 'GET',
  path: '/metrics',
  scope: 'read',
  summary: 'Prometheus text, or OpenMetrics where it is asked for; compressed for who takes gzip.',
  parameters: [
    { name: 'collect[]', help: 'only what these collectors read; may be given several times', schema: NAMES },
    { name: 'exclude[]', help: 'all but what these collectors read; may be given several times', schema: NAMES },
  ],
  gives: { 'text/plain': TEXT, 'application/openmetrics-text': TEXT },
  answer: metrics,
};
