import { colours } from './palette.ts';
import type { Palette } from './palette.ts';

/** Warm, earthen colours on dark brown. */
export const GRUVBOX: Palette = {
  name: 'gruvbox',
  about: 'Warm colours on dark brown.',
  background: 0x282828,
  madeFor: [0x282828],
  roles: {
    plain: { fg: 0xebdbb2 },
    dim: { fg: 0xa89984 },
    strong: { fg: 0xfbf1c7, bold: true },
    title: { fg: 0xfabd2f, bold: true },
    border: { fg: 0x7c6f64 },
    key: { fg: 0xfe8f3a, bold: true },
    good: { fg: 0xb8bb26 },
    fair: { fg: 0x8ec07c },
    warn: { fg: 0xfabd2f },
    bad: { fg: 0xff8c78, bold: true },
    selected: { fg: 0xfbf1c7, bg: 0x423d39, bold: true },
    input: { fg: 0xfbf1c7, bg: 0x3c3836 },
  },
  ramps: {
    cpu: colours(0x83a598, 0xb8bb26, 0xfabd2f, 0xfe8019, 0xfb4934),
    memory: colours(0x83a598, 0x9dbdae, 0xfabd2f, 0xfe8019),
    disk: colours(0x8ec07c, 0xb8bb26, 0xfabd2f, 0xfe8019),
    network: colours(0xd3869b, 0xe0a5b0, 0xfabd2f, 0xfe8019),
    temperature: colours(0x83a598, 0x8ec07c, 0xfabd2f, 0xfb4934),
  },
  selection: 0x423d39,
};
