import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Runs a program and gives what it printed; throws what it complained about. */
export function must(...argv: [string, ...string[]]): string {
  const { status, stdout, stderr, error } = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

/** Why a file system of `type` cannot be made here on loop devices, or null when it can. */
export function loopFilesystemMissing(type: string, packageName: string): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'mounting needs root';
  if (!existsSync('/dev/loop-control')) return 'there are no loop devices';
  if (!new RegExp(`^\\t${type}$`, 'm').test(readFileSync('/proc/filesystems', 'utf8'))) return `this kernel has no ${type}`;
  const make = spawnSync(`mkfs.${type}`, ['-V'], { encoding: 'utf8' });
  if (make.error) return `mkfs.${type} is not installed (apt-get install ${packageName})`;
  const probe = spawnSync('unshare', ['--mount', '--propagation', 'private', 'true'], { encoding: 'utf8' });
  return probe.status === 0 ? null : `no mount namespace can be made: ${probe.stderr.trim()}`;
}

/** A file system on loop devices, mounted where only one sleeping process sees it. /sys shows it to all. */
export interface LoopFilesystem {
  /** Kernel names of its devices: `loop3`. */
  readonly devices: readonly string[];
  /** Its files, for those outside. */
  readonly directory: string;
  /** Runs a program in the namespace; `{}` in its arguments is where the file system is mounted. */
  inside(...argv: [string, ...string[]]): string;
  remove(): void;
}

/** Waits until the process has a mount namespace of its own and became `sleep`. */
function waitFor(pid: number): void {
  const own = readlinkSync('/proc/self/ns/mnt');
  for (let turn = 0; turn < 1000; turn++) {
    if (readlinkSync(`/proc/${pid}/ns/mnt`) !== own && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n') return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  }
  throw new Error('unshare did not start.');
}

/** Makes a file system of `type` with `options` of its mkfs on `count` devices of `megabytes` each, and mounts it. */
export function createLoopFilesystem(type: string, options: readonly string[], count: number, megabytes: number): LoopFilesystem {
  const folder = mkdtempSync(path.join(tmpdir(), 'hecate-loop-'));
  const point = path.join(folder, 'mounted');
  mkdirSync(point);
  const devices: string[] = [];
  const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sleep', '600'], { stdio: 'ignore' });
  const inside = (...argv: [string, ...string[]]): string =>
    must('nsenter', '--target', String(holder.pid), '--mount', ...argv.map((word) => word.replace('{}', point)));
  const remove = (): void => {
    // The namespace may outlive its process for a moment, so what was mounted is unmounted first.
    if (holder.exitCode === null) spawnSync('nsenter', ['--target', String(holder.pid), '--mount', 'umount', point]);
    holder.kill('SIGKILL');
    for (const device of devices) spawnSync('losetup', ['--detach', device]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    waitFor(holder.pid!);
    for (let index = 0; index < count; index++) {
      const image = path.join(folder, `${index}.img`);
      writeFileSync(image, '');
      truncateSync(image, megabytes * 1024 * 1024);
      devices.push(must('losetup', '--find', '--show', image).trim());
    }
    must(`mkfs.${type}`, ...options, ...devices);
    inside('mount', '-t', type, devices[0]!, '{}');
  } catch (error) {
    remove();
    throw error;
  }
  return { devices: devices.map((device) => path.basename(device)), directory: `/proc/${holder.pid}/root${point}`, inside, remove };
}
