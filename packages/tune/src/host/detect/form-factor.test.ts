import { expect, test } from 'vitest';
import { detect } from '../detect.ts';
import type { FormFactor } from '../facts.ts';
import { createMachine, firmware, under } from './machine-tree.testing.ts';
import type { Tree } from './machine-tree.testing.ts';

const battery = under('sys/class/power_supply/BAT0', { type: 'Battery', present: 1 });
const board = (properties: Readonly<Record<string, string>>): Tree =>
  Object.fromEntries(
    Object.entries({ model: 'Some Board', ...properties }).map(([name, text]) => [`proc/device-tree/${name}`, `${text}\0`]),
  );
const acpi = (profile: number): Tree => ({ ...firmware('Some', 'Thing', 2), ...under('sys/firmware/acpi', { pm_profile: profile }) });

const CASES: readonly (readonly [what: string, tree: Tree, form: FormFactor])[] = [
  ['a notebook', firmware('LENOVO', '21AH', 10), 'laptop'],
  ['a convertible', firmware('LENOVO', '21AH', 31), 'laptop'],
  ['a tablet', firmware('Microsoft', 'Surface', 30), 'tablet'],
  ['a tower with a lock', firmware('Dell', 'Precision', 7 + 128), 'desktop'],
  ['a mini PC', firmware('Intel', 'NUC', 35), 'desktop'],
  ['an all-in-one', firmware('HP', 'EliteOne', 13), 'desktop'],
  ['a rack', firmware('Dell', 'PowerEdge', 23), 'server'],
  ['a blade', firmware('HPE', 'Synergy', 28), 'server'],
  ['a gateway', firmware('Advantech', 'UNO', 33), 'embedded'],
  ['an unknown case that ACPI calls mobile', acpi(2), 'laptop'],
  ['an unknown case that ACPI calls a server', acpi(4), 'server'],
  ['an unknown case of which ACPI says nothing', acpi(0), 'unknown'],
  ['an unknown case with a battery', { ...acpi(0), ...battery }, 'laptop'],
  ['a profile that the standard has not', acpi(77), 'unknown'],
  ['a board', board({}), 'embedded'],
  ['a board with a battery', { ...board({}), ...battery }, 'laptop'],
  ['a board that is a server', board({ 'chassis-type': 'server' }), 'server'],
  ['a board that is a phone', { ...board({ 'chassis-type': 'handset' }), ...battery }, 'tablet'],
  ['a notebook that QEMU pretends', firmware('QEMU', 'Standard PC', 10), 'virtual'],
  ['nothing', {}, 'unknown'],
];

test.each(CASES)('%s', async (_what, files, form) => {
  const tree = createMachine({ ...files, 'proc/cpuinfo': 'processor : 0\nflags : fpu\n' });
  try {
    expect((await detect(tree.host)).formFactor).toBe(form);
  } finally {
    tree.remove();
  }
});
