import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { openHost, openWritableHost } from '@hecate/host';
import type { SysfsAction } from '../action.ts';
import { fakeKernel } from './fake-kernel.testing.ts';
import { createLoopDevice, loopDeviceMissing } from './loop-device.testing.ts';
import { must, ownNetworkMissing, withOwnInterfaces } from './own-network.testing.ts';
import { sysctl } from './sysctl.ts';
import { formOfFile } from './sysfs/form.ts';
import { sysfs } from './sysfs.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import type { WritableTree } from './tree-picture.testing.ts';

const set = (path: string, value: string): SysfsAction => ({ kind: 'sysfs', path, value });
const refusal = (code: string, part: string): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(part) as string });

describe('paths', () => {
  test.each([
    ['/etc/passwd', 'neither in /sys nor in /proc/irq'],
    ['/sysadmin/x', 'neither in /sys'],
    ['/proc/irqs/1', 'neither in /sys'],
    ['/proc/sys/vm/swappiness', 'neither in /sys'],
    ['/sys/../etc/passwd', 'absolute path without'],
    ['/sys//x', 'absolute path without'],
    ['/sys/fs/cgroup/a/memory.high', 'kind cgroup'],
    ['/sys/firmware/efi/efivars/Boot0000', 'memory of the firmware'],
    ['/sys/class/zram-control/hot_add', 'makes a device'],
    ['/sys/power/state', 'to sleep'],
    ['/sys/block/sda/uevent', 'tells others'],
  ])('%s is refused', (path, part) => {
    expect(() => sysfs.parse({ kind: 'sysfs', path, value: '1' })).toThrow(refusal('INVALID', part));
  });

  test.each([
    ['/sys/block/sda/queue/scheduler', 'scheduler of sda'],
    ['/sys/class/net/eth0/tx_queue_len', 'tx_queue_len of eth0'],
    ['/proc/irq/24/smp_affinity', 'smp_affinity of interrupt 24'],
    ['/sys/module/zswap/parameters/enabled', 'enabled of zswap'],
    ['/sys/kernel/mm/ksm/run', 'run in /sys/kernel/mm/ksm'],
  ])('%s is the %s', (path, words) => {
    expect(sysfs.describe(set(path, '1'))).toBe(words);
  });
});

describe('forms', () => {
  const wanted = (name: string, value: string, was: string): string => formOfFile(`/sys/x/${name}`).wanted(value, was);

  test.each([
    ['enabled', '1', 'N', 'Y'],
    ['enabled', 'off', 'Y', 'N'],
    ['online', 'y', '0', '1'],
    ['flags', '255', '0x1', '0xff'],
    ['flags', '0x00FF', '0x1', '0xff'],
    ['limit', '0x10', '5', '16'],
    ['limit', 'max', '5', 'max'],
    ['smp_affinity', '0xFFFFFFFFFF', '1', 'ff,ffffffff'],
    ['rps_cpus', '0000,0000000f', '1', 'f'],
    ['rps_cpus', 'ff,f', '1', 'ff,0000000f'],
    ['smp_affinity_list', '3,0-1,2,7', '0', '0-3,7'],
    ['governor', 'performance', 'powersave', 'performance'],
  ])('%s = %s where %s was is %s', (name, value, was, is) => {
    expect(wanted(name, value, was)).toBe(is);
  });

  test.each([
    ['enabled', 'maybe', 'N', 'a switch of Y or N'],
    ['limit', 'high', '5', 'holds a number'],
    ['smp_affinity', 'xyz', '1', 'no mask'],
    ['smp_affinity_list', '3-1', '1', 'no list'],
    ['smp_affinity_list', 'all', '1', 'no list'],
  ])('%s = %s where %s was is refused', (name, value, was, part) => {
    expect(() => wanted(name, value, was)).toThrow(refusal('INVALID', part));
  });

  test('masks are compared as numbers, however they are grouped', () => {
    const { normalise } = formOfFile('/proc/irq/1/smp_affinity');
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), fc.nat(3), (bits, zeros) => {
        const groups: string[] = [];
        for (let rest = bits; rest > 0n || groups.length <= zeros; rest >>= 32n)
          groups.unshift((rest & 0xffffffffn).toString(16).padStart(8, '0'));
        const is = normalise(`${groups.join(',')}\n`);
        expect(
          BigInt(
            `0x${is
              .split(',')
              .map((group, index) => (index ? group.padStart(8, '0') : group))
              .join('')}`,
          ),
        ).toBe(bits);
        expect(is.split(',').every((group) => group.length <= 8)).toBe(true);
        expect(normalise(is)).toBe(is);
        expect(normalise(bits.toString(16))).toBe(is);
      }),
    );
  });

  test('lists say the same processors', () => {
    const { normalise } = formOfFile('/proc/irq/1/smp_affinity_list');
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 40 }), (processors) => {
        const is = normalise(`${processors.join(',')}\n`);
        const back = is.split(',').flatMap((part) => {
          const [first = 0, last = first] = part.split('-').map(Number);
          return Array.from({ length: last - first + 1 }, (_, index) => first + index);
        });
        expect(back).toEqual([...processors].sort((a, b) => a - b));
        expect(normalise(is)).toBe(is);
      }),
    );
  });
});

describe('files', () => {
  let tree: WritableTree | undefined;
  afterEach(() => tree?.remove());
  const SCHEDULER = '/sys/block/sda/queue/scheduler';

  test('a word that is not offered is refused with those that are', () => {
    tree = createWritableTree({
      [SCHEDULER]: '[none] mq-deadline\n',
      '/sys/x/scaling_governor': 'schedutil\n',
      '/sys/x/scaling_available_governors': 'performance schedutil \n',
    });
    const { host } = tree;
    expect(() => sysfs.wanted(set(SCHEDULER, 'cfq'), 'none', host)).toThrow(refusal('INVALID', 'offers none, mq-deadline, and not "cfq"'));
    expect(() => sysfs.wanted(set('/sys/x/scaling_governor', 'turbo'), 'schedutil', host)).toThrow(
      refusal('INVALID', 'offers performance, schedutil'),
    );
  });

  test('a link out of /sys is not followed, a file without a value is refused', () => {
    tree = createWritableTree({
      '/etc/shadow': 'x\n',
      '/sys/a': { link: '../etc' },
      '/sys/b/reset': { content: '', mode: 0o200 },
      '/sys/b/table': '0: 300Mhz *\n1: 600Mhz\n',
      '/sys/b/size': { content: '5\n', mode: 0o444 },
    });
    const { host } = tree;
    expect(() => sysfs.current(host, set('/sys/a/shadow', 'y'))).toThrow(refusal('INVALID', 'leads out of /sys'));
    expect(() => sysfs.current(host, set('/sys/b/reset', '1'))).toThrow(refusal('INVALID', 'only be written'));
    expect(() => sysfs.current(host, set('/sys/b/table', '1'))).toThrow(refusal('INVALID', 'more than one line'));
    expect(() => sysfs.current(host, set('/sys/b', '1'))).toThrow(refusal('INVALID', 'is a directory'));
    expect(() => sysfs.check(host, set('/sys/b/size', '1'), '5')).toThrow(refusal('UNSUPPORTED', 'read only'));
    expect(() => sysfs.current(host, set('/sys/b/none', '1'))).toThrow(refusal('UNAVAILABLE', 'has no /sys/b/none'));
  });

  test('what the kernel rounds reads back as another value: the engine sees that', () => {
    tree = createWritableTree({ '/sys/block/sda/queue/read_ahead_kb': '128\n' });
    const host = fakeKernel(tree.host, { '/sys/block/sda/queue/read_ahead_kb': (written) => String(Math.floor(Number(written) / 4) * 4) });
    const action = set('/sys/block/sda/queue/read_ahead_kb', '130');
    sysfs.apply(host, action, '128');
    expect(sysfs.current(host, action)).toBe('128');
    expect(sysfs.wanted(action, '128', host)).toBe('130');
  });
});

const missing = loopDeviceMissing();
if (missing) console.warn(`SKIPPED: files of a loop device: ${missing}`);

describe.skipIf(missing)('a loop device of this machine', () => {
  const host = openWritableHost(openHost());
  const text = (path: string): string => readFileSync(path, 'utf8');

  test.each([
    ['scheduler', ['none', 'mq-deadline']],
    ['read_ahead_kb', ['256', '512']],
    ['nr_requests', ['64', '32']],
    ['rq_affinity', ['2', '0']],
  ] as const)('%s changes and comes back byte for byte', (file, values) => {
    const device = createLoopDevice();
    const path = `/sys/block/${device.name}/queue/${file}`;
    const before = text(path);
    try {
      const action = set(
        path,
        values.find((value) => sysfs.current(host, set(path, value)) !== value)!,
      );
      const was = sysfs.current(host, action);
      sysfs.check(host, action, was);
      sysfs.apply(host, action, was);
      expect(sysfs.current(host, action)).toBe(sysfs.wanted(action, was, host));
      expect(sysfs.current(host, action)).not.toBe(was);
      sysfs.restore(host, action, was);
      expect(text(path)).toBe(before);
      expect(sysfs.device?.(host, action)).toBeNull();
    } finally {
      const { length } = before;
      if (length > 0 && text(path) !== before) host.setValue(path, /\[(.*)\]/.exec(before)?.[1] ?? before);
      device.remove();
    }
  });

  test('what the kernel refuses is INVALID, and nothing is changed', () => {
    const device = createLoopDevice();
    const path = `/sys/block/${device.name}/queue/nr_requests`;
    try {
      const before = text(path);
      expect(() => sysfs.apply(host, set(path, '-5'), before.trim())).toThrow(refusal('INVALID', 'The kernel refuses "-5"'));
      expect(text(path)).toBe(before);
    } finally {
      device.remove();
    }
  });
});

const noNetwork = ownNetworkMissing();
if (noNetwork) console.warn(`SKIPPED: files of an interface of our own: ${noNetwork}`);

test.skipIf(noNetwork)('an interface of our own: changed, brought back, and lost with the interface', async () => {
  await withOwnInterfaces((host) => {
    must('ip', 'link', 'add', 'veth9', 'type', 'veth', 'peer', 'name', 'peer9');
    for (const [file, value] of [
      ['mtu', '1400'],
      ['tx_queue_len', '500'],
      ['queues/rx-0/rps_cpus', '1'],
      ['gro_flush_timeout', '20000'],
    ] as const) {
      const action = set(`/sys/class/net/veth9/${file}`, value);
      const was = sysfs.current(host, action);
      sysfs.check(host, action, was);
      sysfs.apply(host, action, was);
      expect(sysfs.current(host, action), file).toBe(value);
      sysfs.restore(host, action, was);
      expect(sysfs.current(host, action), file).toBe(was);
    }
    must('ip', 'link', 'del', 'veth9');
    expect(() => sysfs.current(host, set('/sys/class/net/veth9/mtu', '1400'))).toThrow(
      refusal('UNAVAILABLE', 'has no /sys/class/net/veth9/mtu'),
    );
  });
});

test.runIf(process.platform === 'linux' && process.getuid?.() !== 0)('a user who is not root is DENIED before anything is written', () => {
  const host = openWritableHost(openHost());
  expect(() => sysctl.check(host, { kind: 'sysctl', key: 'vm.swappiness', value: '1' }, '60')).toThrow(
    refusal('DENIED', 'vm.swappiness may not be written'),
  );
  const pages = '/sys/kernel/mm/transparent_hugepage/enabled';
  if (existsSync(pages)) expect(() => sysfs.check(host, set(pages, 'never'), 'always')).toThrow(refusal('DENIED', 'may not be written'));
  expect(() => sysctl.current(host, { kind: 'sysctl', key: 'net.ipv4.tcp_fastopen_key', value: 'x' })).toThrow(
    refusal('DENIED', 'may not be read'),
  );
});
