import { describe, expect, it } from 'vitest';
import { nearestOf16, nearestOf256 } from './palette.ts';

describe('the nearest colour', () => {
  it.each([
    [0x000000, 16],
    [0xffffff, 231],
    [0xff0000, 196],
    [0x5f87af, 67],
    [0x808080, 244],
    [0x121212, 233],
    [0xff8800, 208],
  ])('of 256 to %i is %i', (colour, number) => expect(nearestOf256(colour)).toBe(number));

  it('of 256 is the colour itself where the palette has it', () => {
    const steps = [0, 95, 135, 175, 215, 255];
    for (let index = 0; index < 216; index++) {
      const [red, green, blue] = [steps[Math.trunc(index / 36)]!, steps[Math.trunc(index / 6) % 6]!, steps[index % 6]!];
      expect(nearestOf256((red << 16) | (green << 8) | blue)).toBe(16 + index);
    }
  });

  it.each([
    [0x000000, 0],
    [0x0a0a0a, 0],
    [0xfefefe, 15],
    [0xd01010, 1],
    [0xff2020, 9],
    [0x10c010, 2],
    [0x20f8f8, 14],
    [0x888888, 8],
  ])('of 16 to %i is %i', (colour, number) => expect(nearestOf16(colour)).toBe(number));
});
