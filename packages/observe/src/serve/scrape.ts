import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Family } from '../export/families.ts';
import { createScrapeEncoder } from '../export/prometheus.ts';
import type { ScrapeFormat } from '../export/prometheus.ts';
import type { Frame, Hub } from './hub.ts';
import { joinBytes } from './pieces.ts';

const compress = promisify(gzip);

/** Quick compression: a scraper on the same machine gains nothing by a smaller answer. */
const LEVEL = 1;
/** Seconds after the last scrape for which what was made for it is kept. */
const ATTENTION = 90;
/** Seconds in which a body is made, with all that a tick brings. */
const JUST_NOW = 0.25;

/** What is asked for. */
export interface ScrapeForm {
  readonly format: ScrapeFormat;
  readonly zipped: boolean;
}

/** What scrapers are given: made once a frame, whoever and how many ask; for one who comes regularly, before it comes. */
export interface Scrape {
  /**
   * The body for a frame, the newest one. Right after its tick, while it is being made, who asks is given that of the tick before:
   * nobody waits for a tick to end.
   */
  body(frame: Frame, form: ScrapeForm): Promise<Buffer>;
}

const keyOf = ({ format, zipped }: ScrapeForm): string => `${format} ${zipped ? 'zipped' : 'plain'}`;

/** One form of the newest frame. */
interface Made {
  readonly frame: Frame;
  readonly plain: Promise<Buffer>;
  zipped: Promise<Buffer> | null;
}

/** What a scrape is made of. */
export interface ScrapeOptions {
  readonly hub: Hub;
  readonly platform: NodeJS.Platform;
  /** What comes after the families of the snapshot. */
  readonly more: () => Iterable<Family>;
}

/** The bodies of /metrics for one hub. It listens to the hub for as long as somebody scrapes. */
export function createScrape({ hub, platform, more }: ScrapeOptions): Scrape {
  let encode = createScrapeEncoder(platform);
  const made = new Map<ScrapeFormat, Made>();
  /** The newest that is whole, by what it is. */
  const whole = new Map<string, { readonly frame: Frame; readonly body: Buffer }>();
  let last: { readonly at: number; readonly form: ScrapeForm } | null = null;
  /** Monotonic seconds at which the next scrape is due, if it comes as the one before did. */
  let expected: number | null = null;
  /** The newest frame, the one before it, and the monotonic seconds at which it came. */
  let arrived: { readonly frame: Frame; readonly before: Frame | null; readonly at: number } | null = null;
  let unsubscribe: (() => void) | null = null;

  const make = (frame: Frame, { format, zipped }: ScrapeForm): Promise<Buffer> => {
    let entry = made.get(format);
    if (entry?.frame !== frame) {
      const plain = joinBytes(encode(frame.snapshot, format, more()));
      made.set(format, (entry = { frame, plain, zipped: null }));
    }
    if (!zipped) return entry.plain;
    entry.zipped ??= entry.plain.then((text) => compress(text, { level: LEVEL }));
    return entry.zipped;
  };

  const keepWhole = async (frame: Frame, form: ScrapeForm, body: Promise<Buffer>): Promise<Buffer> => {
    const bytes = await body;
    const key = keyOf(form);
    // One that took longer than a tick does not take the place of a newer one.
    if (arrived === null || whole.get(key)?.frame !== arrived.frame) whole.set(key, { frame, body: bytes });
    return bytes;
  };

  const forget = (): void => {
    unsubscribe?.();
    unsubscribe = null;
    last = expected = arrived = null;
    made.clear();
    whole.clear();
    encode = createScrapeEncoder(platform);
  };

  /** After what waits now: the other listeners of a tick, and answers that are ready. What fails is told to who asks for it. */
  const makeSoon = (frame: Frame, form: ScrapeForm): void => {
    setImmediate(() => {
      keepWhole(frame, form, make(frame, form)).catch(() => made.delete(form.format));
    });
  };

  const prepare = (frame: Frame): void => {
    const now = performance.now() / 1000;
    arrived = { frame, before: arrived?.frame ?? null, at: now };
    if (!last || now - last.at > ATTENTION) return forget();
    // The tick before it is due, and one more for a scraper that is late.
    const near = hub.interval * 1.2;
    if (expected === null || Math.abs(expected - now) > near) return;
    makeSoon(frame, last.form);
  };

  return {
    async body(frame, form) {
      const now = performance.now() / 1000;
      expected = last ? now + (now - last.at) : null;
      last = { at: now, form };
      // When this one came nobody was listening.
      arrived ??= { frame, before: null, at: Number.NEGATIVE_INFINITY };
      unsubscribe ??= hub.subscribe(prepare);
      const newest = whole.get(keyOf(form));
      const isFresh = arrived?.frame === frame && now - arrived.at < JUST_NOW;
      if (newest && isFresh && newest.frame === arrived?.before) {
        makeSoon(frame, form);
        return newest.body;
      }
      const body = keepWhole(frame, form, make(frame, form));
      body.catch(() => made.delete(form.format));
      return body;
    },
  };
}
