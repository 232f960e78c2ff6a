import type { CgroupAction } from '../action.ts';
import type { ActionCase, ActionSuite } from './action-contract.testing.ts';
import { ownGroupMissing, openOwnGroup } from './cgroup/own-group.testing.ts';
import { fakeKernel } from './fake-kernel.testing.ts';
import type { Driver } from './fake-kernel.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';

const MOUNTS = `30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n`;
const OLD_MOUNTS = `30 20 0:26 / /cg/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n31 20 0:27 / /cg/blkio rw - cgroup cgroup rw,blkio\n`;

/** Files with a line for each device: what is written takes the place of the line, and what says nothing takes it away. */
const lines: Driver = (written, before) => {
  const [device, ...words] = written.split(' ');
  const others = before.split('\n').filter((line) => line !== '' && !line.startsWith(`${device} `));
  const isUnset = words.every((word) => /=max$|^target=0$|^default$|^0$/.test(word));
  return [...others, ...(isUnset ? [] : [written])].join('\n');
};
const switches: Driver = (written, before) => {
  const on = new Set(before.split(' ').filter(Boolean));
  for (const word of written.split(' ')) on[word.startsWith('+') ? 'add' : 'delete'](word.slice(1));
  return [...on].join(' ');
};

function inTree(group: string, file: string, value: string, was: string, driver?: Driver): ActionCase<CgroupAction> {
  const path = `/sys/fs/cgroup${group}/${file}`;
  return {
    name: `${file} in the v2 tree`,
    action: { kind: 'cgroup', group, file, value },
    open() {
      const tree = createWritableTree({ '/proc/1/mountinfo': MOUNTS, [path]: was });
      return { host: fakeKernel(tree.host, driver ? { [path]: driver } : {}), close: () => tree.remove() };
    },
  };
}

const old: ActionCase<CgroupAction> = {
  name: 'cpu.shares in a v1 hierarchy',
  action: { kind: 'cgroup', group: '/docker/abc', file: 'cpu.shares', value: '512' },
  open() {
    const tree = createWritableTree({ '/proc/self/mountinfo': OLD_MOUNTS, '/cg/cpu,cpuacct/docker/abc/cpu.shares': '1024\n' });
    return { host: fakeKernel(tree.host), close: () => tree.remove() };
  },
};

function real(file: string, value: string): ActionCase<CgroupAction> {
  const missing = ownGroupMissing(file);
  return {
    name: `${file} of a group of this machine`,
    action: { kind: 'cgroup', group: '/hecate-test-change', file, value },
    missing,
    open: () => openOwnGroup('hecate-test-change', file),
  };
}

const SERVICE = '/system.slice/a.service';

/** What the contract runs over control groups. */
export const suite: ActionSuite<CgroupAction> = {
  shape: { paths: ['group'] },
  cases: [
    inTree(SERVICE, 'memory.high', '1G', 'max\n'),
    inTree(SERVICE, 'cpu.max', '50000', 'max 100000\n'),
    inTree(SERVICE, 'cpuset.cpus', '0-1', '\n'),
    inTree(SERVICE, 'cpu.weight', '200', '100\n'),
    inTree(SERVICE, 'io.max', '8:16 wiops=120', '8:0 rbps=1048576 wbps=max riops=max wiops=max\n', lines),
    inTree(SERVICE, 'io.latency', '8:16 target=5000', '\n', lines),
    inTree(SERVICE, 'io.weight', '8:16 200', 'default 100\n', lines),
    inTree('/system.slice', 'cgroup.subtree_control', '+io', 'cpu memory\n', switches),
    old,
    real('memory.limit_in_bytes', '64M'),
    real('cpu.shares', '512'),
    real('pids.max', '100'),
    real('cgroup.max.descendants', '5'),
    real('cgroup.freeze', '1'),
  ],
};
