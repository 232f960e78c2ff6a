import { afterEach, expect, test } from 'vitest';
import { gpuProcesses } from './gpu-processes.ts';
import { parseDrmClient } from './gpu/fdinfo.ts';
import { readOnce } from './reading.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import type { RootedTree, Tree } from './rooted-tree.testing.ts';

let made: RootedTree | undefined;
afterEach(() => made?.remove());

const PLAIN = 'pos:\t0\nflags:\t02100002\nmnt_id:\t26\nino:\t700\n';
const amdgpu = (client: number, gfx: number): string =>
  `${PLAIN}drm-driver:\tamdgpu\ndrm-client-id:\t${client}\ndrm-pdev:\t0000:0b:00.0\npasid:\t32770\n` +
  `drm-engine-gfx:\t${gfx} ns\ndrm-engine-enc:\t500000000 ns\ndrm-engine-capacity-enc:\t2\n` +
  'drm-total-vram:\t9000 KiB\ndrm-memory-vram:\t4096 KiB\ndrm-memory-gtt: \t2 MiB\ndrm-resident-vram:\t4096 KiB\ndrm-resident-gtt:\t1 MiB\n';
const XE = `${PLAIN}drm-driver:\txe\ndrm-client-id:\t3\ndrm-pdev:\t0000:0d:00.0\ndrm-cycles-rcs:\t100\ndrm-total-cycles-rcs:\t900\ndrm-resident-system:\t8 KiB\n`;

/** Descriptors of a process: where each leads, and what is known of it. */
const processOf = (pid: number, name: string, files: readonly (readonly [target: string, info: string])[]): Tree => ({
  [`proc/${pid}/comm`]: `${name}\n`,
  ...Object.fromEntries(
    files.flatMap(([target, info], index) => [
      [`proc/${pid}/fd/${index}`, { link: target }],
      [`proc/${pid}/fdinfo/${index}`, info],
    ]),
  ),
});

test('a file of a card: time of all engines, memory of the card; cycles are no time', () => {
  expect(parseDrmClient(amdgpu(7, 1_500_000_000))).toEqual({
    driver: 'amdgpu',
    client: '7',
    address: '0000:0b:00.0',
    time: 2,
    memory: 4 * 2 ** 20,
  });
  expect(parseDrmClient(XE)).toEqual({ driver: 'xe', client: '3', address: '0000:0d:00.0', time: null, memory: 8192 });
  expect(parseDrmClient('drm-driver: v3d\ndrm-client-id: 1\ndrm-engine-bin: 5 ns\ndrm-memory-cpu: 77')).toMatchObject({
    address: null,
    memory: 77,
  });
  for (const text of ['', PLAIN, 'drm-driver:', 'drm-driver: i915', 'drm-client-id: 4']) expect(parseDrmClient(text)).toBeNull();
  expect(parseDrmClient('drm-driver: a\ndrm-client-id: 1\ndrm-engine-x: -5 ns\ndrm-memory-vram: lots')).toMatchObject({
    time: null,
    memory: null,
  });
});

test('processes with their clients: one that was handed on counts once, files of other kinds are not read', () => {
  made = createTree({
    ...processOf(10, 'Xorg', [
      ['/dev/dri/card1', amdgpu(7, 1_500_000_000)],
      ['/dev/dri/renderD129', amdgpu(7, 1_500_000_000)],
      ['/dev/dri/renderD129', amdgpu(8, 500_000_000)],
      ['/dev/null', amdgpu(99, 1)],
      ['socket:[12]', PLAIN],
    ]),
    ...processOf(11, 'game', [
      ['/dev/dri/renderD129', amdgpu(7, 1_500_000_000)],
      ['/dev/dri/renderD131', XE],
      ['/dev/dri/renderD129', 'nonsense'],
    ]),
    'proc/12/comm': 'kthread\n',
    'proc/self/comm': 'x\n',
  });
  const { reading, gaps } = readOnce(gpuProcesses, made.host);
  expect(reading).toEqual([
    { gpu: '0000:0b:00.0', pid: 10, name: 'Xorg', time: 3, memory: 8 * 2 ** 20 },
    { gpu: '0000:0d:00.0', pid: 11, name: 'game', time: null, memory: 8192 },
  ]);
  expect(gaps).toEqual([]);
});

test('processes of others whose files may not be read are a gap', () => {
  made = createTree({ ...processOf(10, 'a', []), 'proc/10/fd/0': { link: '/dev/null' } });
  const { host } = made;
  const denied = Object.assign(new Error('EACCES'), { code: 'EACCES', syscall: 'scandir', path: '/proc/10/fd' });
  const refusing = {
    ...host,
    list(path: string): string[] {
      if (path.endsWith('/fd')) throw denied;
      return host.list(path);
    },
  };
  const { reading, gaps } = readOnce(gpuProcesses, refusing);
  expect(reading).toEqual([]);
  expect(gaps).toEqual([{ field: 'gpuprocesses.others', reason: 'permission', detail: expect.stringContaining('1 processes') }]);
});
