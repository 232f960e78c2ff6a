import { colours, everywhere } from './palette.ts';
import type { Palette } from './palette.ts';

/**
 * The sixteen colours that every terminal has, as xterm has them: where there are no more, they are sent as these, and look as their owner
 * chose. Mixtures of them would come out grey, so scales go in steps.
 */
export const ANSI: Palette = {
  name: 'ansi',
  about: 'The terminal’s own sixteen colours.',
  background: null,
  madeFor: [0x000000],
  isStepped: true,
  roles: {
    plain: { fg: 0xe5e5e5 },
    dim: { fg: 0x7f7f7f },
    strong: { fg: 0xffffff, bold: true },
    title: { fg: 0xffffff, bold: true },
    border: { fg: 0x7f7f7f },
    key: { fg: 0x00ffff, bold: true },
    good: { fg: 0x00cdcd },
    fair: { fg: 0x00ffff },
    warn: { fg: 0xffff00 },
    bad: { fg: 0xff0000, bold: true },
    selected: { fg: 0x000000, bg: 0x00cdcd },
    input: { fg: 0x000000, bg: 0xe5e5e5 },
  },
  ramps: {
    ...everywhere(colours(0x5c5cff, 0x00cdcd, 0xcdcd00, 0xffff00, 0xff0000)),
    memory: colours(0x5c5cff, 0x00cdcd, 0xcdcd00, 0xffff00),
    network: colours(0x5c5cff, 0x5c5cff, 0xcd00cd, 0xcdcd00),
  },
  selection: null,
};
