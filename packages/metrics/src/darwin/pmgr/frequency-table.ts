/** Bytes of one row of a table of voltages: what tells the frequency, then millivolts, 32 bits each. */
const ROW = 8;
/** A table without `-sram` has periods: this divided by one of them is megahertz. Measured on tables whose frequencies are published. */
const PERIOD_MEGAHERTZ = 65_536_000;
/** From here on, a number is of hertz: it would be 100 GHz in kilohertz. */
const LEAST_HERTZ = 1e8;
/** The slowest and the quickest that the highest step of a table can be, in hertz. */
const LEAST_HIGHEST = 3e8;
const MOST_HIGHEST = 2e10;
/** Two tables of the same steps differ by less, as a share: periods are rounded. */
const SAME = 0.005;

/** The rows of a table that say something; an empty step is 0 or 1. Null when there is none. */
function rowsOf(bytes: Buffer): number[] | null {
  const rows: number[] = [];
  for (let at = 0; at + ROW <= bytes.length; at += ROW) {
    const value = bytes.readUInt32LE(at);
    if (value > 1) rows.push(value);
  }
  return rows.length === 0 ? null : rows;
}

const highestOf = (frequencies: readonly number[]): number => frequencies.reduce((highest, one) => Math.max(highest, one), 0);

/**
 * What a table of voltages says of frequencies: hertz of each step, in its order. `sram` is `voltage-statesN-sram`, `plain` is
 * `voltage-statesN`; one of them may be missing. Up to M3 the first counts in hertz, from M4 on the CPUs' count in kilohertz, which only
 * the size of the number tells; the second holds periods (or hertz, of GPUs), which need no such guess. Where both are there and do not say
 * the same, nothing is taken: a text says what is wrong.
 */
export function parseFrequencyTable(sram: Buffer | null, plain: Buffer | null): readonly number[] | string {
  const direct = sram && rowsOf(sram);
  const other = plain && rowsOf(plain);
  const hertz = direct?.map((value) => (highestOf(direct) >= LEAST_HERTZ ? value : value * 1000)) ?? null;
  const check = other?.map((value) => (highestOf(other) >= LEAST_HERTZ ? value : (PERIOD_MEGAHERTZ / value) * 1e6)) ?? null;
  const frequencies = hertz ?? check;
  if (!frequencies) return 'is empty';
  const highest = highestOf(frequencies);
  if (highest < LEAST_HIGHEST || highest > MOST_HIGHEST) return `says ${highest} Hz at most, in whatever unit it counts`;
  if (hertz && check) {
    // Two tables may have other steps; their highest one is the same, and tells the unit.
    const pairs = hertz.length === check.length ? hertz.map((value, step) => [value, check[step]!] as const) : [];
    const wrong = [...pairs, [highest, highestOf(check)] as const].find(([value, period]) => Math.abs(value - period) > SAME * period);
    if (wrong) return `says ${wrong[0]} Hz where the table of periods says ${Math.round(wrong[1])} Hz`;
  }
  return frequencies;
}
