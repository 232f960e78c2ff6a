import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GuestReading } from '../domain/guests.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import { guests } from './guests.ts';
import { createTree } from './rooted-tree.testing.ts';
import { isQemu, parseQemu } from './virtual/qemu.ts';

const parse = (line: string): GuestReading | null => parseQemu(7, line.split(' '));

describe('command lines', () => {
  test.each<[string, Partial<GuestReading>]>([
    [
      '/usr/bin/qemu-system-x86_64 -name guest=web-1,debug-threads=on -machine pc-q35-7.2,usb=off,accel=kvm:tcg -m size=2097152k -smp 4,sockets=4,cores=1 -uuid 1B2C3D4E-0000-1111-2222-333344445555',
      { name: 'web-1', memory: 2 ** 31, cpus: 4, accelerator: 'kvm', architecture: 'x86_64', uuid: '1b2c3d4e-0000-1111-2222-333344445555' },
    ],
    [
      'qemu-system-aarch64 -M virt -m 4G,slots=2,maxmem=8G -smp sockets=2,cores=3',
      { name: null, memory: 2 ** 32, cpus: 6, accelerator: 'tcg', architecture: 'aarch64', uuid: null },
    ],
    ['qemu-system-x86_64 -S', { memory: 128 << 20, cpus: 1 }],
    ['/usr/libexec/qemu-kvm -name a,,b -m 512', { name: 'a,b', memory: 512 << 20, accelerator: 'kvm', architecture: null }],
    [
      '/usr/bin/kvm -id 100 -name vm100,debug-threads=on -smp 2,sockets=1,cores=2,maxcpus=2 -m 1024',
      { name: 'vm100', cpus: 2, memory: 2 ** 30, accelerator: 'kvm' },
    ],
    ['qemu-system-x86_64 -enable-kvm -m 1.5G -smp maxcpus=8', { accelerator: 'kvm', memory: 1.5 * 2 ** 30, cpus: 8 }],
    ['qemu-system-x86_64 -accel xen -accel tcg -m nonsense -smp x', { accelerator: 'xen', memory: 128 << 20, cpus: 1 }],
  ])('%s', (line, expected) => {
    expect(parse(line)).toMatchObject({ pid: 7, ...expected });
  });

  test('who asks for help is no guest, and other programs are none', () => {
    expect(parse('qemu-system-x86_64 --version')).toBeNull();
    expect(parse('qemu-system-x86_64')).toBeNull();
    expect(['qemu-system-x86', 'kvm', 'qemu-kvm', 'kvm-pit/100', 'qemu-img'].map(isQemu)).toEqual([true, true, true, false, false]);
  });

  test('any words are a guest or none', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom('-m', '-smp', '-name', '-accel', '-machine', 'size=9G', 'cpus=99999', ',,,', '='));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const guest = parseQemu(1, words);
        if (guest) expect(Number.isFinite(guest.memory) && guest.cpus > 0).toBe(true);
      }),
    );
  });
});

test('processes of a machine: those that are QEMU, and that did not go in between', () => {
  const tree = createTree({
    'proc/41/comm': 'qemu-system-x86\n',
    'proc/41/cmdline': 'qemu-system-x86_64\0-name\0a b\0-m\x00256\0',
    'proc/42/comm': 'qemu-system-x86\n',
    'proc/43/comm': 'bash\n',
    'proc/43/cmdline': 'bash\0-m\x00256\0',
  });
  const rows = finish(guests.open(tree.host).read(collectGaps([])) as Sliced<readonly GuestReading[]>);
  expect(rows).toMatchObject([{ name: 'a b', pid: 41, memory: 256 << 20 }]);
  tree.remove();
});

const missing = spawnSync('qemu-system-x86_64', ['--version']).error ? 'QEMU is not installed (apt-get install qemu-system-x86)' : null;
if (missing) console.warn(`SKIPPED: a guest of QEMU: ${missing}`);

test.skipIf(missing !== null || !existsSync('/proc/self/comm'))('a guest that waits to be started is found', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-qemu-'));
  const socket = path.join(directory, 'monitor');
  // QEMU connects to its monitor once it stands.
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  const connected = once(server, 'connection');
  const name = `hecate-${process.pid}`;
  const argv = ['-S', '-name', `guest=${name}`, '-m', '64', '-smp', '2', '-accel', 'tcg', '-nodefaults', '-display', 'none'];
  const qemu = spawn('qemu-system-x86_64', [...argv, '-qmp', `unix:${socket}`], { stdio: 'ignore' });
  try {
    await connected;
    const rows = finish(guests.open(openHost()).read(collectGaps([])) as Sliced<readonly GuestReading[]>);
    expect(rows.find((row) => row.name === name)).toEqual({
      name,
      pid: qemu.pid,
      uuid: null,
      memory: 64 << 20,
      cpus: 2,
      accelerator: 'tcg',
      architecture: 'x86_64',
    });
  } finally {
    qemu.kill('SIGKILL');
    server.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
