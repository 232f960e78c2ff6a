import { everywhere } from './palette.ts';
import type { Palette } from './palette.ts';

/** No colour at all: bold, dim and reverse. It is what NO_COLOR gets. */
export const MONO: Palette = {
  name: 'mono',
  about: 'No colours: bold, dim and reversed letters only.',
  background: null,
  madeFor: [],
  roles: {
    plain: {},
    dim: { dim: true },
    strong: { bold: true },
    title: { bold: true },
    border: { dim: true },
    key: { bold: true, underline: true },
    good: {},
    fair: {},
    warn: { bold: true },
    bad: { bold: true, reverse: true },
    selected: { reverse: true },
    input: { underline: true },
  },
  ramps: everywhere([{}, {}, { bold: true }]),
  selection: null,
};
