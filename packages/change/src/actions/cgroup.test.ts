import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { CgroupAction } from '../action.ts';
import { lineAfter, lineOfDevice } from './cgroup/device-line.ts';
import { controllerSwitches, formOfGroupFile } from './cgroup/form.ts';
import { cgroup } from './cgroup.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import type { WritableTree } from './tree-picture.testing.ts';

const set = (group: string, file: string, value: string): CgroupAction => ({ kind: 'cgroup', group, file, value });
const refusal = (code: string, part: string): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(part) as string });

describe('files', () => {
  test.each([
    ['cgroup.procs', 'moves processes'],
    ['cgroup.kill', 'kills processes'],
    ['cgroup.type', 'never becomes another'],
    ['memory.reclaim', 'reclaims memory'],
    ['io.cost.qos', 'cannot take a line'],
    ['../cpu.max', 'no file of a control group'],
    ['a/cpu.max', 'no file of a control group'],
    ['.', 'no file of a control group'],
  ])('%s is refused', (file, part) => {
    expect(() => cgroup.parse({ kind: 'cgroup', group: '/a', file, value: '1' })).toThrow(refusal('INVALID', part));
  });

  test('a line needs its device', () => {
    expect(() => cgroup.parse({ kind: 'cgroup', group: '/a', file: 'io.max', value: 'rbps=5' })).toThrow(
      refusal('INVALID', 'takes a device'),
    );
    expect(cgroup.target(set('/a', 'io.max', '8:16 rbps=5'))).toBe('/a io.max 8:16');
    expect(cgroup.target(set('/a', 'io.weight', 'default 5'))).toBe('/a io.weight default');
    expect(cgroup.target(set('/a', 'cpu.max', '5 6'))).toBe('/a cpu.max');
  });
});

describe('forms', () => {
  test.each([
    ['memory.high', '1G', 'max', '1073741824'],
    ['memory.max', '4097', 'max', '4096'],
    ['memory.max', 'max', '4096', 'max'],
    ['memory.limit_in_bytes', '-1', '4096', '9223372036854771712'],
    ['cpu.max', '50000', 'max 20000', '50000 20000'],
    ['cpu.max', 'max', '50000 20000', 'max 20000'],
    ['cpu.max', '1000  5000', 'max 20000', '1000 5000'],
    ['cpuset.cpus', '2,0-1', '', '0-2'],
    ['pids.max', 'max', '100', 'max'],
    ['cgroup.subtree_control', '+io -cpu', 'cpu memory', 'io memory'],
  ])('%s = %s where %s was is %s', (file, value, was, is) => {
    expect(formOfGroupFile(file).wanted(value, was)).toBe(is);
  });

  test.each([
    ['memory.high', 'lots'],
    ['memory.high', '-5'],
    ['cpu.max', 'half'],
    ['cpu.max', '1 2 3'],
    ['cgroup.subtree_control', 'io'],
    ['cpu.weight', 'high'],
  ])('%s = %s is refused', (file, value) => {
    expect(() => formOfGroupFile(file).wanted(value, '100')).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });

  test('switches lead from any set of controllers to any other', () => {
    const form = formOfGroupFile('cgroup.subtree_control');
    const names = fc.uniqueArray(fc.constantFrom('cpu', 'cpuset', 'io', 'memory', 'pids')).map((on) => on.sort().join(' '));
    fc.assert(
      fc.property(names, names, (from, to) => {
        const switches = controllerSwitches(from, to);
        expect(switches === '' ? from : form.wanted(switches, from)).toBe(to);
      }),
    );
  });

  test('the line of one device', () => {
    const text = '8:0 rbps=1 wbps=max riops=max wiops=max\n8:16 rbps=max wbps=max riops=max wiops=120\n';
    expect(lineOfDevice('io.max', text, '8:16')).toBe('rbps=max wbps=max riops=max wiops=120');
    expect(lineOfDevice('io.max', text, '8:1')).toBe('rbps=max wbps=max riops=max wiops=max');
    expect(lineAfter('io.max', 'rbps=max wbps=max riops=max wiops=120', 'rbps=7')).toBe('rbps=7 wbps=max riops=max wiops=120');
    expect(lineOfDevice('io.weight', 'default 100\n8:16 200\n', 'default')).toBe('100');
    expect(lineOfDevice('io.weight', 'default 100\n8:16 200\n', '8:0')).toBe('default');
    expect(lineOfDevice('io.bfq.weight', '100\n', 'default')).toBe('100');
    expect(() => lineAfter('io.max', '', 'speed=7')).toThrow(expect.objectContaining({ code: 'INVALID' }));
    expect(() => lineAfter('io.weight', '100', 'rbps=7')).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });
});

describe('places', () => {
  let tree: WritableTree | undefined;
  afterEach(() => tree?.remove());
  const current = (files: Readonly<Record<string, string>>, action: CgroupAction): unknown => {
    tree = createWritableTree(files);
    return cgroup.current(tree.host, action);
  };
  const V2 = '30 20 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';

  test('a hybrid machine has some files in the v2 tree, and some below a controller', () => {
    const mountinfo = `30 20 0:26 / /cg/unified rw - cgroup2 cgroup2 rw\n31 20 0:27 / /cg/a\\040b rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n`;
    const files = { '/proc/1/mountinfo': mountinfo, '/cg/unified/g/cgroup.freeze': '0\n', '/cg/a b/g/cpu.shares': '1024\n' };
    expect(current(files, set('/g', 'cpu.shares', '1'))).toBe('1024');
    expect(cgroup.current(tree!.host, set('/g', 'cgroup.freeze', '1'))).toBe('0');
  });

  test('a mount that shows one group has those below it', () => {
    const files = {
      '/proc/1/mountinfo': V2.replace(' / ', ' /docker/abc '),
      '/sys/fs/cgroup/cpu.weight': '100\n',
      '/sys/fs/cgroup/in/cpu.weight': '7\n',
    };
    expect(current(files, set('/docker/abc', 'cpu.weight', '1'))).toBe('100');
    expect(cgroup.current(tree!.host, set('/docker/abc/in', 'cpu.weight', '1'))).toBe('7');
    expect(() => cgroup.current(tree!.host, set('/docker', 'cpu.weight', '1'))).toThrow(refusal('UNAVAILABLE', 'no control group /docker'));
  });

  test('a group, a file, or a hierarchy that is not there', () => {
    const files = { '/proc/1/mountinfo': V2, '/sys/fs/cgroup/a/cpu.weight': '100\n' };
    expect(() => current(files, set('/b', 'cpu.weight', '1'))).toThrow(refusal('UNAVAILABLE', 'no control group /b'));
    expect(() => cgroup.current(tree!.host, set('/a', 'io.weight', 'default 1'))).toThrow(refusal('UNAVAILABLE', 'not enabled'));
    tree!.remove();
    expect(() => current({ '/etc/x': '' }, set('/a', 'cpu.weight', '1'))).toThrow(refusal('UNAVAILABLE', 'does not say what is mounted'));
  });

  test('controllers are not switched off: the groups below would lose what they had', () => {
    tree = createWritableTree({ '/proc/1/mountinfo': V2, '/sys/fs/cgroup/a/cgroup.subtree_control': 'cpu io\n' });
    expect(() => cgroup.check(tree!.host, set('/a', 'cgroup.subtree_control', '-io'), 'cpu io')).toThrow(
      refusal('UNSUPPORTED', 'not switched off'),
    );
  });
});
