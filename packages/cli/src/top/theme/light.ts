import { colours } from './palette.ts';
import type { Palette } from './palette.ts';

/** Dark letters on nearly white. Much is darker, not lighter: that is what stands out here. */
export const LIGHT: Palette = {
  name: 'light',
  about: 'Dark letters on a light background, for bright rooms.',
  background: 0xfafafa,
  madeFor: [0xfafafa],
  roles: {
    plain: { fg: 0x24292f },
    dim: { fg: 0x636c76 },
    strong: { fg: 0x0b0f14, bold: true },
    title: { fg: 0x0b3d91, bold: true },
    border: { fg: 0x858e99 },
    key: { fg: 0x0550ae, bold: true },
    good: { fg: 0x0550ae },
    fair: { fg: 0x1b6a8a },
    warn: { fg: 0x8a5a00 },
    bad: { fg: 0xb3261e, bold: true },
    selected: { fg: 0x0b0f14, bg: 0xcfe2ff, bold: true },
    input: { fg: 0x0b0f14, bg: 0xe6ebf1 },
  },
  ramps: {
    cpu: colours(0x4a8bd6, 0x2f78b0, 0x94790a, 0xb85c00, 0xb3261e),
    memory: colours(0x4a7fd0, 0x3565b5, 0x94700a, 0xb3521e),
    disk: colours(0x2b8a99, 0x2b7a6a, 0x8a7a0a, 0xb3521e),
    network: colours(0x6a72d8, 0x5056b8, 0x8a6a0a, 0xb3521e),
    temperature: colours(0x3a8ad0, 0x2b7a8a, 0xa06a00, 0xb3261e),
  },
  selection: 0xcfe2ff,
};
