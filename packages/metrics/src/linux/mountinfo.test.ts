import { readFileSync } from 'node:fs';
import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMountinfo, unescapeOctal, visibleMounts } from './mountinfo.ts';
import type { Mount } from './mountinfo.ts';
import { bytesOf } from './rooted-tree.testing.ts';

const parse = (content: string | Uint8Array): Mount[] => parseMountinfo(bytesOf(content));
const visible = (...lines: string[]): string[] =>
  visibleMounts(parse(lines.join('\n'))).map((mount) => `${mount.mountpoint} ${mount.device}`);

describe('lines', () => {
  test.each([
    [
      'no optional fields',
      '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n',
      { id: 27, parent: 1, number: '254:0', root: '/', mountpoint: '/', fstype: 'ext4', device: '/dev/vda', readOnly: false },
    ],
    [
      'two optional fields',
      '36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:8 - ext3 /dev/root rw,errors=continue',
      { root: '/mnt1', mountpoint: '/mnt2', fstype: 'ext3', device: '/dev/root', readOnly: false },
    ],
    ['a dash as mount point', '36 35 98:0 / /- rw - ext3 - rw', { mountpoint: '/-', device: '-' }],
    ['read-only mount', '1 0 8:1 / /a ro,relatime - ext4 /dev/sda1 rw', { readOnly: true }],
    ['read-only file system', '1 0 8:1 / /a rw,relatime - ext4 /dev/sda1 ro,errors=remount-ro', { readOnly: true }],
    ['shut down after an error', '1 0 8:1 / /a rw - ext4 /dev/sda1 rw,emergency_ro', { readOnly: true }],
    ['errors=remount-ro is not read-only', '1 0 8:1 / /a rw - ext4 /dev/sda1 rw,errors=remount-ro', { readOnly: false }],
    [
      'space, tab, newline and backslash',
      '1 0 8:1 / /a\\040b\\011c\\012d\\134e rw - ext4 /dev/my\\040disk rw',
      { mountpoint: '/a b\tc\nd\\e', device: '/dev/my disk' },
    ],
    ['a bind mount of a file', '1 0 8:1 /etc/hosts\\040x /etc/hosts rw - ext4 /dev/sda1 rw', { root: '/etc/hosts x' }],
    [
      'overlay with commas and colons',
      '9 1 0:44 / / rw - overlay overlay rw,lowerdir=/a:/b,upperdir=/c',
      { fstype: 'overlay', device: 'overlay' },
    ],
    ['an empty source', '9 1 0:44 / /x rw - tmpfs  rw', { device: '', fstype: 'tmpfs' }],
    ['no super options', '9 1 0:44 / /x rw - tmpfs none', { device: 'none' }],
    ['NFS', '9 1 0:44 / /x rw - nfs4 192.168.1.1:/srv/test rw,vers=4.0', { device: '192.168.1.1:/srv/test', fstype: 'nfs4' }],
  ])('%s', (_, line, expected) => {
    expect(parse(line)).toMatchObject([expected]);
  });

  test('a mount point that is not UTF-8 keeps its bytes', () => {
    const [mount] = parse(Buffer.concat([Buffer.from('1 0 8:1 / /caf'), Buffer.from([0xe9]), Buffer.from(' rw - ext4 /dev/sda1 rw\n')]));
    expect(mount!.path).toEqual(Buffer.from([0x2f, 0x63, 0x61, 0x66, 0xe9]));
    expect(mount!.mountpoint).toBe('/caf\ufffd');
  });

  test('escapes that are none stay', () => {
    const read = (text: string): string => unescapeOctal(Buffer.from(text)).toString('latin1');
    expect(['\\', '\\04', '\\08 ', '\\400', '\\x20', '\\\\040', 'a\\040'].map(read)).toEqual([
      '\\',
      '\\04',
      '\\08 ',
      '\\400',
      '\\x20',
      '\\ ',
      'a ',
    ]);
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const escaped = [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
        expect([...unescapeOctal(Buffer.from(escaped))]).toEqual([...bytes]);
      }),
    );
  });

  test.each(['1 0 8:1 / /a rw', '1 0 8:1 / /a rw -', 'x 0 8:1 / /a rw - ext4 /dev/sda rw', '1 0 8 / /a rw - ext4 d rw', '1 0 8:1'])(
    '"%s" is an error',
    (line) => {
      expect(() => parse(line)).toThrow(HecateError);
    },
  );

  test('any bytes give mounts or an error of ours', () => {
    const words = fc
      .array(fc.constantFrom('1', '0', '8:1', '/', '/a', 'rw', '-', 'ext4', '\\040', '\n', ''), { maxLength: 30 })
      .map((list) => Buffer.from(list.join(' ')));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), words), (content) => {
        try {
          visibleMounts(parse(content));
        } catch (error) {
          expect(error).toBeInstanceOf(HecateError);
        }
      }),
    );
  });
});

describe('what a path leads to', () => {
  const root = '1 0 8:1 / / rw - ext4 root rw';
  test('the last mount on a point, so what autofs mounted and not autofs', () => {
    expect(visible(root, '2 1 0:30 / /data rw - autofs systemd-1 rw', '3 2 8:2 / /data rw - ext4 disk rw')).toEqual([
      '/ root',
      '/data disk',
    ]);
  });
  test('the root under which a container started is hidden', () => {
    expect(visible('1 1 0:2 / / rw - rootfs rootfs rw', '20 1 8:1 / / rw - ext4 root rw', '21 20 0:5 / /proc rw - proc proc rw')).toEqual([
      '/ root',
      '/proc proc',
    ]);
  });
  test('nothing below a point that was mounted over later', () => {
    expect(
      visible(
        root,
        '2 1 8:2 / /srv/data rw - ext4 old rw',
        '3 2 8:3 / /srv/data/in rw - ext4 inner rw',
        '4 1 8:4 / /srv rw - ext4 new rw',
        '5 4 8:5 / /srv/data rw - ext4 again rw',
      ),
    ).toEqual(['/ root', '/srv new', '/srv/data again']);
  });
  test('names that only start alike do not hide each other', () => {
    expect(
      visible(root, '2 1 8:2 / /srv rw - ext4 a rw', '3 1 8:3 / /srv2 rw - ext4 b rw', '4 1 8:4 / /srv2/x rw - ext4 hidden rw'),
    ).toEqual(['/ root', '/srv a', '/srv2 b']);
  });
  test('parents in a circle end', () => {
    expect(visible('1 2 8:1 / /a rw - ext4 a rw', '2 1 8:2 / /b rw - ext4 b rw')).toEqual(['/a a', '/b b']);
  });
});

test('this machine: one mount a line', () => {
  const buffer = readFileSync('/proc/self/mountinfo');
  expect(parse(buffer).length).toBe(buffer.toString().trimEnd().split('\n').length);
});
