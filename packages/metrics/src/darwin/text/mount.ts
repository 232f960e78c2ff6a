import type { Host } from '@hecate/host';
import { askProgram, notUnderstood } from './program.ts';

/** One row of mount(8). */
export interface MountedVolume {
  readonly device: string;
  readonly mountpoint: string;
  /** `apfs`, `hfs`, `smbfs`. */
  readonly fstype: string;
  /** `local`, `journaled`, `read-only`, `mounted by anna`. */
  readonly options: readonly string[];
}

/** Reads what `mount` prints. A row that is none is left out. Throws FAILED where no row is one. */
export function parseMount(text: string): MountedVolume[] {
  const rows = text.split('\n').flatMap((line) => {
    const [, device, mountpoint, words] = /^(.+?) on (\/.*) \(([^()]*)\)$/.exec(line.trimEnd()) ?? [];
    const [fstype, ...options] = words?.split(', ') ?? [];
    return device === undefined || mountpoint === undefined || !fstype ? [] : { device, mountpoint, fstype, options };
  });
  if (rows.length === 0) throw notUnderstood('mount', text);
  return rows;
}

/** The mounted volumes. Throws as {@link askProgram} and {@link parseMount}. */
export async function readMount(host: Host): Promise<MountedVolume[]> {
  return parseMount(await askProgram(host, { argv: ['/sbin/mount'] }));
}
