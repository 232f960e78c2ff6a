import type { Host } from '@hecate/host';
import { countOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** One row of df(1), in bytes. */
export interface DfVolume {
  /** `/dev/disk3s5`, `map auto_home`, `//user@server/share`. */
  readonly device: string;
  readonly mountpoint: string;
  readonly size: number;
  /** What df calls used: on APFS what this volume holds, not what its container has lost. */
  readonly used: number;
  /** Below zero where root has taken more than others may. */
  readonly available: number;
  /** Inodes; null where df does not print them. */
  readonly filesUsed: number | null;
  readonly filesFree: number | null;
}

/** Names of devices and mount points may hold blanks; the numbers between them do not. */
const ROW = /^(\S.*?)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+(?:\d+%|-)\s+(?:(\d+|-)\s+(\d+|-)\s+(?:\d+%|-)\s+)?(\/.*)$/;
const BLOCK = 1024;

/** Reads what `df -k` prints, with inodes or without. A row that was cut off is left out. Throws FAILED where the header is another one. */
export function parseDf(text: string): DfVolume[] {
  const [header = '', ...lines] = text.split('\n');
  if (!/^Filesystem\s+(?:1024|1K)-blocks\s/.test(header)) throw notUnderstood('df', text);
  return lines.flatMap((line) => {
    const [, device, size, used, available, filesUsed, filesFree, mountpoint] = ROW.exec(line.trimEnd()) ?? [];
    if (device === undefined || mountpoint === undefined) return [];
    return {
      device,
      mountpoint,
      size: Number(size) * BLOCK,
      used: Number(used) * BLOCK,
      available: Number(available) * BLOCK,
      filesUsed: countOf(filesUsed),
      filesFree: countOf(filesFree),
    };
  });
}

/**
 * Space of the mounted volumes. It asks no server (`-n`): for a network volume df tells what it knew before.
 * Throws as {@link askProgram} and {@link parseDf}.
 */
export async function readDf(host: Host): Promise<DfVolume[]> {
  return parseDf(await askProgram(host, { argv: ['/bin/df', '-kn'] }));
}
