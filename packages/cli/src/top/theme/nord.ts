import { colours } from './palette.ts';
import type { Palette } from './palette.ts';

/** Cold blues on slate. */
export const NORD: Palette = {
  name: 'nord',
  about: 'Cold blues on slate.',
  background: 0x2e3440,
  madeFor: [0x2e3440],
  roles: {
    plain: { fg: 0xd8dee9 },
    dim: { fg: 0xa3adbf },
    strong: { fg: 0xeceff4, bold: true },
    title: { fg: 0x88c0d0, bold: true },
    border: { fg: 0x7b88a1 },
    key: { fg: 0x8fbcbb, bold: true },
    good: { fg: 0xafc99a },
    fair: { fg: 0x88c0d0 },
    warn: { fg: 0xebcb8b },
    bad: { fg: 0xf7a8b0, bold: true },
    selected: { fg: 0xeceff4, bg: 0x3d4558, bold: true },
    input: { fg: 0xeceff4, bg: 0x3b4252 },
  },
  ramps: {
    cpu: colours(0x81a1c1, 0x88c0d0, 0xa3be8c, 0xebcb8b, 0xd9826a),
    memory: colours(0x81a1c1, 0x8fbcbb, 0xebcb8b, 0xd08770),
    disk: colours(0x8fbcbb, 0xa3be8c, 0xebcb8b, 0xd08770),
    network: colours(0xb48ead, 0xc4a5bf, 0xebcb8b, 0xd08770),
    temperature: colours(0x81a1c1, 0x88c0d0, 0xebcb8b, 0xd9826a),
  },
  selection: 0x3d4558,
};
