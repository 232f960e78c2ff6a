import type { WriteStream } from 'node:tty';
import { clean, fit } from '@hecate/observe';

/** One line that tells how far a long work is. */
export interface Progress {
  show(text: string): void;
  /** Takes the line away. The second time does nothing. */
  clear(): void;
}

/** Opens a line of progress, which is drawn over and over; where nobody looks, nothing is written. */
export function openProgress(stream: NodeJS.WriteStream): Progress {
  if ((stream as Partial<WriteStream>).isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let isShown = false;
  return {
    show(text) {
      isShown = true;
      const width = Math.max(20, stream.columns || 80) - 1;
      stream.write(`\r${fit({ colour: false, unicode: false }, clean(text), width)}`);
    },
    clear() {
      if (isShown) stream.write(`\r${' '.repeat(Math.max(20, stream.columns || 80) - 1)}\r`);
      isShown = false;
    },
  };
}
