import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { openHost, openWritableHost } from '@hecate/host';
import type { SysfsAction } from '../action.ts';
import type { ActionCase, ActionSuite } from './action-contract.testing.ts';
import { fakeKernel } from './fake-kernel.testing.ts';
import type { Driver } from './fake-kernel.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import type { TreeEntry } from './tree-picture.testing.ts';
import { parseChoice } from './value-file.ts';

const set = (path: string, value: string): SysfsAction => ({ kind: 'sysfs', path, value });

const PAGES = '/sys/kernel/mm/transparent_hugepage/enabled';
const pagesMissing = existsSync(PAGES)
  ? process.getuid?.() === 0
    ? null
    : 'writing /sys needs root'
  : 'this kernel has no transparent huge pages';
const otherPages = pagesMissing === null && parseChoice(readFileSync(PAGES, 'utf8'))?.chosen === 'madvise' ? 'never' : 'madvise';

/** A file of this machine that is put back however the test ends. */
const pages: ActionCase<SysfsAction> = {
  name: 'transparent huge pages of this machine',
  action: set(PAGES, otherPages),
  missing: pagesMissing,
  open() {
    const before = parseChoice(readFileSync(PAGES, 'utf8'))!.chosen;
    return {
      host: openWritableHost(openHost()),
      picture: () => readFileSync(PAGES, 'utf8'),
      close: () => writeFileSync(PAGES, before),
    };
  },
};

function inTree(
  name: string,
  action: SysfsAction,
  files: Readonly<Record<string, TreeEntry>>,
  drivers: Readonly<Record<string, Driver>> = {},
): ActionCase<SysfsAction> {
  return {
    name,
    action,
    open() {
      const tree = createWritableTree(files);
      return { host: fakeKernel(tree.host, drivers), close: () => tree.remove() };
    },
  };
}

const GOVERNOR = '/sys/devices/system/cpu/cpufreq/policy0/scaling_governor';
const CONTROL = '/sys/devices/pci0000:00/0000:00:1f.2/power/control';
const MASK = '/proc/irq/24/smp_affinity';
const PARAMETER = '/sys/module/zswap/parameters/enabled';
const HEXADECIMAL = '/sys/bus/event_source/devices/cpu/flags';

/** What the contract runs over files of /sys. */
export const suite: ActionSuite<SysfsAction> = {
  shape: { paths: ['path'] },
  cases: [
    pages,
    inTree('a governor with its choices beside it', set(GOVERNOR, 'performance'), {
      [GOVERNOR]: 'schedutil\n',
      [GOVERNOR.replace('scaling_governor', 'scaling_available_governors')]: 'performance schedutil \n',
    }),
    inTree('a file behind a link of /sys', set('/sys/bus/pci/devices/0000:00:1f.2/power/control', 'auto'), {
      [CONTROL]: 'on\n',
      '/sys/bus/pci/devices/0000:00:1f.2': { link: '../../../devices/pci0000:00/0000:00:1f.2' },
    }),
    inTree('a mask of many processors', set(MASK, 'ffffffffff'), { [MASK]: 'ff,ffffff0f\n' }, { [MASK]: (written) => written }),
    inTree('a list of processors', set(`${MASK}_list`, '3,0-1,2'), { [`${MASK}_list`]: '0-7\n' }),
    inTree('a switch of Y and N', set(PARAMETER, '1'), { [PARAMETER]: 'N\n' }),
    inTree('a hexadecimal number', set(HEXADECIMAL, '16'), { [HEXADECIMAL]: '0x3\n' }),
  ],
};
