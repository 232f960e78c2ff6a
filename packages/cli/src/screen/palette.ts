/** The 16 colours as xterm has them. Their owner may have chosen others, of the same kind. */
const SIXTEEN: readonly number[] = [
  0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff,
  0xff00ff, 0x00ffff, 0xffffff,
];

/** Brightness of the steps of the cube 16 to 231. */
const STEPS: readonly number[] = [0, 95, 135, 175, 215, 255];

/** How far colours are from each other to the eye, roughly: red weighs more in bright colours, blue in dark ones. */
function distance(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 255) - ((other >> 8) & 255);
  const blue = (one & 255) - (other & 255);
  const mean = ((one >> 16) + (other >> 16)) / 2;
  return (2 + mean / 256) * red * red + 4 * green * green + (2 + (255 - mean) / 256) * blue * blue;
}

/** The number of the nearest colour in the palette of 16, from 0xRRGGBB. */
export function nearestOf16(colour: number): number {
  let best = 0;
  for (let index = 1; index < 16; index++) if (distance(colour, SIXTEEN[index]!) < distance(colour, SIXTEEN[best]!)) best = index;
  return best;
}

/** The number of the nearest colour in the palette of 256, from 0xRRGGBB: of the cube and the greys, for the first 16 are anything. */
export function nearestOf256(colour: number): number {
  const step = (value: number): number => (value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.trunc((value - 35) / 40)));
  const [red, green, blue] = [step(colour >> 16), step((colour >> 8) & 255), step(colour & 255)];
  const inCube = (STEPS[red]! << 16) | (STEPS[green]! << 8) | STEPS[blue]!;
  const mean = ((colour >> 16) + ((colour >> 8) & 255) + (colour & 255)) / 3;
  const grey = Math.max(0, Math.min(23, Math.round((mean - 8) / 10)));
  const inGreys = (8 + 10 * grey) * 0x010101;
  return distance(colour, inGreys) < distance(colour, inCube) ? 232 + grey : 16 + 36 * red + 6 * green + blue;
}
