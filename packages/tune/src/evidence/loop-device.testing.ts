import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openEngine, openHandlers } from '@hecate/change';
import type { Change, Engine } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';
import type { Workload } from './workload.ts';

/** Why nothing real can be measured here; null when it can. */
export function loopDeviceMissing(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'a loop device needs root';
  if (!existsSync('/dev/loop-control')) return 'there are no loop devices';
  return spawnSync('losetup', ['--version']).status === 0 ? null : 'losetup is not installed (apt-get install mount)';
}

/** A disk whose knobs may be turned, under the real engine with the real handlers. */
export interface Ground {
  /** `/dev/loop3`. */
  readonly device: string;
  readonly engine: Engine;
  /** Where the journals are. */
  readonly journal: string;
}

/** Gives work a loop device of its own, and removes it. */
export async function withLoopDevice<T>(work: (ground: Ground) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-proof-'));
  const image = path.join(directory, 'image');
  const journal = path.join(directory, 'journal');
  let device = '';
  try {
    writeFileSync(image, Buffer.alloc(4 << 20, 1));
    const { status, stdout, stderr } = spawnSync('losetup', ['--find', '--show', image], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`losetup: ${stderr}`);
    device = stdout.trim();
    return await work({ device, journal, engine: openRealEngine(journal) });
  } finally {
    if (device !== '') spawnSync('losetup', ['--detach', device]);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The engine that writes to this machine. */
export const openRealEngine = (directory: string): Engine =>
  openEngine({ host: openWritableHost(openHost()), handlers: openHandlers(), directory });

const fileOf = (device: string, name: string): string => `/sys/block/${path.basename(device)}/queue/${name}`;

/** A change of a device's request queue. */
export const queueChange = (device: string, name: string, value: string): Change => ({
  action: { kind: 'sysfs', path: fileOf(device, name), value },
  why: 'To see what it does.',
  source: 'this test',
  risk: 'live',
});

/** What a file of a device's request queue says. */
export const queueValue = (device: string, name: string): string => readFileSync(fileOf(device, name), 'utf8').trim();

/** Reads a device in order, in small pieces, and drops its pages behind it, so that the next run reads anew. */
export const readingOf = (device: string): Workload => ({
  argv: ['dd', `if=${device}`, 'of=/dev/null', 'bs=4k', 'iflag=nocache'],
  timeout: 60,
});
