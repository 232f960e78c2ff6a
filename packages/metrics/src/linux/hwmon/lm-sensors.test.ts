import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { SensorChip } from '../../domain/sensors.ts';
import { SENSOR_LISTS } from '../../domain/sensors.ts';
import { collectGaps } from '../../model/gap.ts';
import { createTree } from '../rooted-tree.testing.ts';
import { openSensors } from '../sensors.ts';
import { everyChip } from '../trees/sensors.testing.ts';

const UNSHARE = ['--mount', '--propagation', 'private'];

/** The program insists on the kernel's own /sys, so the tree is laid over parts of it, in a mount namespace of its own. */
const PROGRAM = `
const { spawnSync } = require('node:child_process');
const root = process.argv[1];
for (const part of ['devices', 'class']) {
  const { status, stderr } = spawnSync('mount', ['--bind', root + '/sys/' + part, '/sys/' + part], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}
process.stdout.write(spawnSync('sensors', ['-u'], { encoding: 'utf8' }).stdout);
`;

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (spawnSync('sensors', ['-v']).status !== 0) return 'sensors is not installed (apt-get install lm-sensors)';
  if (process.getuid?.() !== 0) return 'mounting needs root';
  const { status, stderr, error } = spawnSync('unshare', [...UNSHARE, 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `no namespace can be made here: ${error?.message ?? stderr.trim()}`;
}

const missing = whyNot();
if (missing) console.warn(`SKIPPED: sensors against lm-sensors: ${missing}`);

/** What lm-sensors says by name of the driver: `temp1_input 44.000`. */
function askSensors(root: string): ReadonlyMap<string, readonly string[]> {
  const { stdout, stderr } = spawnSync('unshare', [...UNSHARE, process.execPath, '-e', PROGRAM, root], { encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
  const chips = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of stdout.split('\n')) {
    const chip = /^([^\s:]+?)-(?:isa|pci|i2c|acpi|virtual|hid|usb|nvme|scsi)-/.exec(line)?.[1];
    if (chip !== undefined) chips.set(chip, (lines = chips.get(chip) ?? []));
    const value = /^ {2}(\w+): (\S+)$/.exec(line);
    if (value) lines.push(`${value[1]!} ${value[2]!}`);
  }
  return chips;
}

/** Elements that have a property here, by that. */
const ELEMENTS: Readonly<Record<string, string>> = {
  input: 'value',
  min: 'min',
  max: 'max',
  crit: 'crit',
  emergency: 'emergency',
};

/** What we say, in its words. */
function wordsOf(chip: SensorChip): string[] {
  const words: string[] = [];
  for (const list of SENSOR_LISTS) {
    for (const row of chip[list] as unknown as readonly (Readonly<Record<string, unknown>> & { readonly sensor: string })[]) {
      const elements = list === 'powers' ? { ...ELEMENTS, input: 'input', average: 'average', cap: 'cap' } : ELEMENTS;
      for (const [element, property] of Object.entries(elements)) {
        const value = row[property];
        // Its humidity is in percent.
        if (typeof value === 'number') words.push(`${row.sensor}_${element} ${(list === 'humidities' ? value * 100 : value).toFixed(3)}`);
      }
    }
  }
  return words;
}

test.skipIf(missing)('lm-sensors reads the same values and limits, but for those that mean nothing', async () => {
  const tree = createTree(everyChip);
  const reader = openSensors(tree.host);
  const { chips } = await reader.read(collectGaps([]));
  reader.close();
  const theirs = askSensors(tree.directory);
  tree.remove();
  let compared = 0;
  const extra: string[] = [];
  for (const [name, lines] of theirs) {
    const ours = new Set(chips.filter((chip) => chip.name === name).flatMap(wordsOf));
    for (const line of lines) {
      if (!/^\w+_(?:input|average|min|max|crit|emergency|cap) /.test(line)) continue;
      compared++;
      if (!ours.has(line)) extra.push(`${name} ${line}`);
    }
  }
  expect(compared).toBeGreaterThan(60);
  expect(extra.toSorted()).toEqual([
    'dead temp4_input 10000000000000000719354278919532445696.000',
    'nct6798 fan3_input 65535.000',
    'nct6798 temp2_input -128.000',
    'nct6798 temp3_input 127.500',
    'nct6798 temp4_input 255.000',
    'nct6798 temp5_input 41.500',
    'nvme temp1_min -273.150',
    'nvme temp2_max 65261.850',
    'nvme temp2_min -273.150',
  ]);
});
