import type { Paper, RampName } from '../view.ts';
import { lineLetters } from './letters.ts';

/**
 * A gauge of `width` columns, filled to a share from 0 to 1 in steps of half a column, each column in the colour of its place. A `ramp` of null
 * is one colour: to be full is no warning. A share of NaN leaves it empty; the number beside it says that nothing is known.
 */
export function drawMeter(
  { region, theme, unicode }: Paper,
  x: number,
  y: number,
  width: number,
  share: number,
  ramp: RampName | null,
): void {
  const [full, half, empty] = lineLetters(unicode).meter;
  const halves = share > 0 ? Math.max(1, Math.min(width * 2, Math.round(share * width * 2))) : 0;
  const rest = theme.style('border');
  const calm = theme.ramp('memory', 0);
  for (let column = 0; column < width; column++) {
    const filled = halves - column * 2;
    if (filled <= 0) region.put(x + column, y, empty, rest);
    else region.put(x + column, y, filled === 1 ? half : full, ramp === null ? calm : theme.ramp(ramp, (column + 0.5) / width));
  }
}
