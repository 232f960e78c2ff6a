import type { Look } from '../../screen/region.ts';

/** A colour between two, channel by channel; `share` 0 is the first. */
function mixed(a: number, b: number, share: number): number {
  let made = 0;
  for (const shift of [16, 8, 0]) {
    const from = (a >> shift) & 0xff;
    made |= Math.round(from + (((b >> shift) & 0xff) - from) * share) << shift;
  }
  return made;
}

/** The look at a share from 0 to 1 of stops that lie evenly apart. Stops without colours change half-way. */
export function lookBetween(stops: readonly Look[], share: number): Look {
  const place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const index = Math.min(stops.length - 1, Math.floor(place));
  const first = stops[index] ?? {};
  const second = stops[index + 1] ?? first;
  const part = place - index;
  if (typeof first.fg === 'number' && typeof second.fg === 'number') return { ...first, fg: mixed(first.fg, second.fg, part) };
  return part < 0.5 ? first : second;
}
