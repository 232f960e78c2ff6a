import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Why no loop device can be made here; null when it can. */
export function loopDeviceMissing(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'loop devices need root';
  if (!existsSync('/dev/loop-control')) return 'there are no loop devices';
  return spawnSync('losetup', ['--version']).status === 0 ? null : 'losetup is not installed (apt-get install mount)';
}

/** A loop device over a file of its own. */
export interface LoopDevice {
  /** `loop3`. */
  readonly name: string;
  remove(): void;
}

/** Makes a loop device of 8 MiB. */
export function createLoopDevice(): LoopDevice {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-loop-'));
  const image = path.join(directory, 'image');
  writeFileSync(image, '');
  truncateSync(image, 8 << 20);
  const { status, stdout, stderr } = spawnSync('losetup', ['--find', '--show', image], { encoding: 'utf8' });
  if (status !== 0) {
    rmSync(directory, { recursive: true, force: true });
    throw new Error(`losetup: ${stderr}`);
  }
  const device = stdout.trim();
  return {
    name: path.basename(device),
    remove() {
      spawnSync('losetup', ['--detach', device]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
