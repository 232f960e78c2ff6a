import type { NativeLibraries } from '@hecate/host';
import type { DescriptorWaiter } from '../../events/open-sources.ts';

/** There is something to read: POLLIN of poll(2). Sources of macOS wait for nothing else. */
export const READABLE = 1;

/** Waits for descriptors with Node's own loop: no thread is taken, and no callback comes from another one. */
export const openDarwinWaiter = (libraries: NativeLibraries): DescriptorWaiter => ({
  watch: (descriptor, _events, ready) => libraries.watch(descriptor, () => ready(READABLE)),
  // A watch that was ended is over at once, and those who watch end all of theirs.
  close: async () => {},
});
