import type { Bytes, Host, KeptFile } from '@hecate/host';

/** Reads files and keeps the first ones that were asked for open, up to a bound. */
export interface BoundedFiles {
  read(path: string): Bytes;
  /** Closes what was not read since the last sweep: its group is gone, or it is hardly ever read. */
  sweep(): void;
  close(): void;
}

/** Files read again and again, of which at most `most` stay open: each costs the kernel a buffer. */
export function openBoundedFiles(host: Pick<Host, 'keep' | 'read'>, most: number): BoundedFiles {
  const kept = new Map<string, { readonly file: KeptFile; isUsed: boolean }>();
  const drop = (path: string, file: KeptFile): void => {
    file.close();
    kept.delete(path);
  };
  return {
    read(path) {
      let entry = kept.get(path);
      if (!entry) {
        if (kept.size >= most) return host.read(path);
        kept.set(path, (entry = { file: host.keep(path), isUsed: true }));
      }
      entry.isUsed = true;
      try {
        return entry.file.read();
      } catch (error) {
        drop(path, entry.file);
        throw error;
      }
    },
    sweep() {
      for (const [path, entry] of kept) {
        if (!entry.isUsed) drop(path, entry.file);
        entry.isUsed = false;
      }
    },
    close() {
      for (const [path, { file }] of kept) drop(path, file);
    },
  };
}
