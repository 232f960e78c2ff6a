/** Seconds until the second try, and the most between two. */
const SHORTEST = 1;
const LONGEST = 300;
/** Seconds that a server may ask us to stay away: longer than this it is not believed. */
const MOST_ASKED = 3600;

/**
 * Seconds until the next try after so many failures in a row, one or more. The bound doubles with each, from 1 s to 5 min, and the wait
 * is any time below it (but 1 s at least), so that many machines do not come back at the same moment. `random` is from 0 to 1.
 * `asked` is what the server said in `Retry-After`: never sooner than that.
 */
export function retryDelay(failures: number, random: number, asked: number = 0): number {
  const bound = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 30));
  return Math.max(SHORTEST + random * (bound - SHORTEST), Math.min(asked, MOST_ASKED));
}

/** The seconds that a `Retry-After` header means: a number, or a date. Undefined when it says neither, or is not there. RFC 9110, 10.2.3. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date / 1000 - now);
}
