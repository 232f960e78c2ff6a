/** The 99.5th percentile of Student's t for 1 to 30 degrees of freedom: the ends of a two-sided interval of 99 %. */
const TABLE = [
  63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.25, 3.169, 3.106, 3.055, 3.012, 2.977, 2.947, 2.921, 2.898, 2.878, 2.861,
  2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779, 2.771, 2.763, 2.756, 2.75,
];
/** The same of the normal distribution, which it comes to with many. */
const NORMAL = 2.576;

/**
 * How many standard errors a value may be off by chance in one of a hundred cases, with so many degrees of freedom (a fraction
 * counts as the whole number below it). Infinity with less than one.
 */
export function criticalT(freedom: number): number {
  if (!(freedom >= 1)) return Number.POSITIVE_INFINITY;
  const whole = Math.floor(freedom);
  // Beyond the table it falls towards the normal value as 1 / degrees.
  return TABLE[whole - 1] ?? NORMAL + ((TABLE[29] as number) - NORMAL) * (30 / whole);
}
