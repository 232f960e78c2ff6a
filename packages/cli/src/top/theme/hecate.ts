import { colours } from './palette.ts';
import type { Palette } from './palette.ts';

/**
 * Blue, yellow, red with an even step of lightness from the first to the second: who sees no red or no green tells them apart as well,
 * since nothing rests on red against green.
 */
export const HECATE: Palette = {
  name: 'hecate',
  about: 'The default: calm, safe for the colour-blind, for dark terminals.',
  background: null,
  madeFor: [0x000000, 0x14161b, 0x1e1e1e],
  roles: {
    plain: { fg: 0xc9d1d9 },
    dim: { fg: 0x8b949e },
    strong: { fg: 0xf0f6fc, bold: true },
    title: { fg: 0xe6edf3, bold: true },
    border: { fg: 0x646d79 },
    key: { fg: 0x79b8ff, bold: true },
    good: { fg: 0x79c0ff },
    fair: { fg: 0xa5d0e8 },
    warn: { fg: 0xf2cc60 },
    bad: { fg: 0xff8a70, bold: true },
    selected: { fg: 0xffffff, bg: 0x243e61, bold: true },
    input: { fg: 0xffffff, bg: 0x21303f },
  },
  ramps: {
    cpu: colours(0x4f8fe0, 0x6fb1e8, 0xb5cf8f, 0xf2cc60, 0xf79b4b, 0xff7058),
    memory: colours(0x5a86d8, 0x7aa9ea, 0xa9c5f5, 0xf2d98a, 0xf7a35c),
    disk: colours(0x4fa3b8, 0x77c3c9, 0xc7d89a, 0xf2cc60, 0xf78d5a),
    network: colours(0x6f86e8, 0x8fa8f5, 0xbcc6f8, 0xf0dca0, 0xf5b862),
    temperature: colours(0x5aa0e0, 0x8cc4e0, 0xf2cc60, 0xf79b4b, 0xff6a55),
  },
  selection: 0x243e61,
};
