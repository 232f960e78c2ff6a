/** A file, or some that go together. */
export interface KeptFile {
  readonly name: string;
  readonly bytes: number;
}

/** How much may stay; infinity: without a bound. */
export interface Bounds {
  readonly files: number;
  readonly bytes: number;
}

/**
 * The names of those that have to go, of files from the oldest to the newest; what `stays` names never does. They are counted, and not
 * looked up in the calendar: a clock that jumps to another year costs one file and not all.
 */
export function oldestOver(kept: readonly KeptFile[], bounds: Bounds, stays: (name: string) => boolean): string[] {
  let left = kept.length;
  let bytes = kept.reduce((sum, file) => sum + file.bytes, 0);
  const over: string[] = [];
  for (const file of kept) {
    if (left <= bounds.files && bytes <= bounds.bytes) break;
    if (stays(file.name)) continue;
    over.push(file.name);
    left--;
    bytes -= file.bytes;
  }
  return over;
}
