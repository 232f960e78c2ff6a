import type { QueryUnit } from './query-field.ts';

const BINARY: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40, p: 2 ** 50 };
const DECIMAL: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15 };
const SECONDS: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** What a value of each unit looks like, for whoever wrote another one. */
export const VALUE_EXAMPLES: Readonly<Record<QueryUnit, string>> = {
  percent: 'a percentage, such as 10 or 12.5',
  bytes: 'a size, such as 500M or 1.5G',
  rate: 'a rate, such as 1MB/s or 200k',
  duration: 'a length of time, such as 90s, 10m or 1h30m',
  whole: 'a whole number',
};

/**
 * A value in the base unit of a field; null when it is none. K, M and G alone are what the column shows: powers of 1024 of sizes, of
 * 1000 of rates. KiB is always 1024, and kB 1000.
 */
export function parseQueryValue(text: string, unit: QueryUnit): number | null {
  if (unit === 'duration') return parseDuration(text);
  const parts = /^(-?(?:\d+\.?\d*|\.\d+))\s?([a-z%/]*)$/i.exec(text);
  if (!parts) return null;
  const number = Number(parts[1]);
  const ending = parts[2]!.toLowerCase();
  switch (unit) {
    case 'whole':
      return ending === '' && Number.isSafeInteger(number) ? number : null;
    case 'percent':
      return ending === '' || ending === '%' ? number : null;
    case 'bytes':
    case 'rate': {
      const size = /^([kmgtp]?)(i?)(b?)$/.exec(unit === 'rate' ? ending.replace(/\/s$/, '') : ending);
      if (!size) return null;
      const [, letter = '', binary, byte] = size;
      if (letter === '') return binary === '' ? number : null;
      const isBinary = binary !== '' || (byte === '' && unit === 'bytes');
      return number * (isBinary ? BINARY : DECIMAL)[letter]!;
    }
  }
}

function parseDuration(text: string): number | null {
  if (/^-?(?:\d+\.?\d*|\.\d+)$/.test(text)) return Number(text);
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ms|min|[smhdw]))+$/i.test(text)) return null;
  let seconds = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ms|min|[smhdw])/gi)) seconds += Number(number) * SECONDS[unit!.toLowerCase()]!;
  return seconds;
}
