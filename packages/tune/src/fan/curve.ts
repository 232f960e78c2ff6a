import { HecateError } from '@hecate/host';

/** From one temperature on, how fast. */
export interface CurvePoint {
  readonly celsius: number;
  /** Share of full power, 0 to 1. */
  readonly duty: number;
}

/** A curve and how it is followed. */
export interface Curve {
  /** At least two, rising in temperature, never falling in speed. */
  readonly points: readonly CurvePoint[];
  /** Degrees by which it must have become cooler before the fan slows down. */
  readonly hysteresis: number;
  /** The most that the duty changes in a second, as a share of full power. */
  readonly rate: number;
}

const MOST_POINTS = 20;

/** Points that a user typed: `40:20,60:50,80:100`, degrees Celsius and percent. Throws INVALID with the point that is wrong. */
export function parsePoints(text: string): readonly CurvePoint[] {
  const points = text.split(',').map((part): CurvePoint => {
    const [, celsius, percent] = /^\s*(\d{1,3}(?:\.\d)?)\s*:\s*(\d{1,3}(?:\.\d)?)\s*%?\s*$/.exec(part) ?? [];
    if (celsius === undefined || percent === undefined) return refuse(`${JSON.stringify(part)} is no point of a curve`);
    if (Number(celsius) > 150) return refuse(`${celsius} °C is hotter than any point of a curve may be`);
    if (Number(percent) > 100) return refuse(`${percent} % is more than all`);
    return { celsius: Number(celsius), duty: Number(percent) / 100 };
  });
  if (points.length < 2) return refuse('A curve has two points at least');
  if (points.length > MOST_POINTS) return refuse(`A curve has ${MOST_POINTS} points at most`);
  for (const [index, { celsius, duty }] of points.entries()) {
    const before = points[index - 1];
    if (before && before.celsius >= celsius) return refuse(`${celsius} °C stands behind ${before.celsius} °C: points rise`);
    if (before && before.duty > duty) return refuse(`The fan would be slower at ${celsius} °C than at ${before.celsius} °C`);
  }
  return points;
}

function refuse(why: string): never {
  throw new HecateError('INVALID', `${why}.`, { hint: 'Points are degrees Celsius and percent: --points 40:20,60:50,80:100' });
}

/** The duty of a temperature: straight between points, level before the first and after the last. */
export function dutyAt(points: readonly CurvePoint[], celsius: number): number {
  const next = points.findIndex((point) => celsius < point.celsius);
  const after = points[next];
  const before = points[next - 1];
  if (!after) return points.at(-1)!.duty;
  if (!before) return after.duty;
  return before.duty + ((celsius - before.celsius) / (after.celsius - before.celsius)) * (after.duty - before.duty);
}

/** Where a fan is on its curve. */
export interface CurveState {
  /** The temperature that the duty is of: it follows a rise at once, and a fall with the hysteresis behind it. */
  readonly celsius: number;
  /** Share of full power. */
  readonly duty: number;
}

/** The next state on a curve, `elapsed` seconds after the one before. The first one, after null, is on the curve at once. */
export function followCurve({ points, hysteresis, rate }: Curve, before: CurveState | null, celsius: number, elapsed: number): CurveState {
  if (before === null) return { celsius, duty: dutyAt(points, celsius) };
  const felt = Math.max(celsius, Math.min(before.celsius, celsius + hysteresis));
  const wanted = dutyAt(points, felt);
  const step = rate * Math.max(0, elapsed);
  return { celsius: felt, duty: before.duty + Math.min(step, Math.max(-step, wanted - before.duty)) };
}
