import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMachine, kernel, memory } from '../detect/machine-tree.testing.ts';
import type { MachineTree } from '../detect/machine-tree.testing.ts';
import { x86 } from '../detect/processor-tree.testing.ts';
import { detect } from '../detect.ts';
import { createTunedMachine } from './machine.ts';
import type { TunedMachine } from './machine.ts';
import { createVariables } from './variables.ts';

/** Two sockets with four CPUs each. */
const files = {
  ...kernel('6.12.1', 'x86_64'),
  ...memory(4096),
  ...x86({ vendor: 'GenuineIntel', family: 6, model: 85, name: 'Xeon', sockets: 2, cores: 4 }),
  'sys/devices/system/cpu/present': '0-9\n',
};
let tree: MachineTree;
let machine: TunedMachine;
beforeAll(async () => {
  tree = createMachine(files);
  machine = createTunedMachine(tree.host, await detect(tree.host));
});
afterAll(() => tree.remove());

const expand = (text: string, values: Readonly<Record<string, string>> = {}): string => {
  const variables = createVariables(machine);
  for (const [name, value] of Object.entries(values)) variables.define(name, value);
  const { text: expanded, unknown } = variables.expand(text);
  return unknown ?? expanded;
};

describe('variables', () => {
  test.each([
    ['${a}-${b}', { a: '1', b: '${a}2' }, '1-12'],
    // Only what is set before can be spoken of, and what is put in is not looked at again.
    ['${a}', { a: '${b}', b: '2' }, '${b}'],
    [String.raw`\${a}`, { a: '1' }, '${a}'],
    ['${missing} x', {}, '${missing} x'],
    ['${a', { a: '1' }, '${a'],
    ['}${a}}', { a: '1' }, '}1}'],
  ])('%j with %j is %j', (text, values, expected) => {
    expect(expand(text, values)).toBe(expected);
  });

  test('that hold one another end at a length', () => {
    const values = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`v${index + 1}`, '${v'.concat(`${index}}`).repeat(9)]));
    expect(expand('${v64}', { v0: 'x'.repeat(9), ...values })).toBe('It is longer than 4096 letters.');
  });
});

describe('functions', () => {
  test.each([
    ['${f:cpulist_unpack:0-2,5}', '0,1,2,5'],
    ['${f:cpulist_unpack:0-5,^3,!4-5}', '0,1,2'],
    ['${f:cpulist_unpack:0x11,,6}', '0,4,6'],
    ['${f:cpulist_unpack:0xf,00000000,,1}', '1,32,33,34,35'],
    ['${f:cpulist_unpack:"1,2"}', '1,2'],
    ['${f:cpulist_unpack:a}', ''],
    ['${f:cpulist_unpack:0-99999}', ''],
    ['${f:cpulist_pack:0,1,2,5,7,8}', '0-2,5,7-8'],
    ['${f:cpulist2hex:0-3,33}', '00000002,0000000f'],
    ['${f:cpulist2hex:31}', '80000000'],
    ['${f:cpulist2hex}', '00000000'],
    ['${f:cpulist2hex_invert:0-6}', '00000080'],
    ['${f:cpulist_invert:1-7}', '0'],
    ['${f:cpulist_online:6-20}', '6,7'],
    ['${f:cpulist_present:6-20}', '6,7,8,9'],
    ['${f:cpulist2devs:0,2}', 'cpu0,cpu2'],
    ['${f:hex2cpulist:00000001,80000000}', '31,32'],
    ['${f:calc_isolated_cores}', '1,2,3,5,6,7'],
    ['${f:calc_isolated_cores:3}', '3,7'],
    ['${f:calc_isolated_cores:x}', '${f:calc_isolated_cores:x}'],
    ['${f:check_net_queue_count:3}', '3'],
    ['${f:check_net_queue_count:${none}}', '8'],
    ['${f:cpuinfo_check:EPYC:a:^vendor_id.*Intel$:b:c}', 'b'],
    ['${f:cpuinfo_check:EPYC:a:c}', 'c'],
    ['${f:cpuinfo_check:EPYC:a}', ''],
    ['${f:kb2s:4} ${f:s2kb:9} ${f:s2kb:11} ${f:s2kb:8}', '8 4 6 4'],
    ['${f:strip: a\\:b : }', 'a:b'],
    [String.raw`\${f:strip:a}`, '${f:strip:a}'],
    ['${f:regex_search_ternary:Y:[Yy1]:on:off}', 'on'],
    ['${f:virt_check:guest:iron}', 'iron'],
    ['x${f:strip:${f:cpulist_pack:${f:cpulist_unpack:1-3}}}y', 'x1-3y'],
    ['${f:assertion:they are the same:1:1}', '${f:assertion:they are the same:1:1}'],
    ['${f:exec:id}', 'It is the output of a program (id), and the programs of a profile are never run.'],
    ['${f:nonsense:1}', 'There is no function nonsense.'],
    ['${f:strip}', 'The function strip is called with a wrong number of arguments.'],
  ])('%j is %j', (text, expected) => {
    expect(expand(text)).toBe(expected);
  });

  test('what hangs on a program is not known either', () => {
    expect(expand('a ${b}', { a: '${f:strip:${f:exec:mktemp:-d}}', b: '${a}/x' })).toMatch(/^It is the output of a program \(mktemp -d\)/);
  });

  test('an assertion that does not hold refuses the profile', () => {
    expect(() => expand('${f:assertion_non_equal:cores are set:${a}:${b}}', { a: '${a}', b: '\\\\${a}' })).toThrow(
      /"cores are set" does not hold/,
    );
  });
});
