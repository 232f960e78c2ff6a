import { nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { QUEUE_EVENT } from '../layout/kernel-event.ts';
import { readField, writeField } from '../layout/layout.ts';
import { systemError } from '../libsystem/system-error.ts';

/** What a queue is to tell of. Numbers as in sys/event.h. */
export interface QueueRequest {
  /** What the filter looks at: a process by its number. */
  readonly identity: number;
  /** EVFILT number. */
  readonly filter: number;
  /** EV flags. */
  readonly flags: number;
  /** NOTE or VQ flags. */
  readonly notes: number;
}

/** What has happened. */
export interface QueueEvent {
  readonly identity: number;
  readonly notes: number;
  /** A number whose meaning is the filter's. */
  readonly data: number;
}

/** A queue of events of the kernel (kqueue(2)). */
export interface KernelQueue {
  /** Readable when something has happened. */
  readonly descriptor: number;
  /** Asks to be told. Throws the system's error. */
  ask(request: QueueRequest): void;
  /** What has happened since, at most 64; with more there is still something to read. Throws the system's error. */
  take(): QueueEvent[];
  close(): void;
}

/** Events that are taken in at a time; others get their turn in between. */
const AT_ONCE = 64;

/** Opens a queue that tells nothing yet. Throws the system's error. */
export function openKernelQueue({ libsystem, libraries }: Darwin): KernelQueue {
  const descriptor = libsystem.kqueue();
  if (descriptor < 0) throw systemError(libraries.errno(), 'kqueue');
  const { identity, filter, flags, notes, data } = QUEUE_EVENT.fields;
  const change = nativeBuffer(QUEUE_EVENT.size);
  const events = nativeBuffer(QUEUE_EVENT.size * AT_ONCE);
  // struct timespec, all zero: it never waits.
  const atOnce = nativeBuffer(16);
  return {
    descriptor,
    ask(request) {
      change.fill(0);
      writeField(change, identity, request.identity);
      writeField(change, filter, request.filter);
      writeField(change, flags, request.flags);
      writeField(change, notes, request.notes);
      if (libsystem.kevent64(descriptor, change, 1, null, 0, 0, null) < 0) throw systemError(libraries.errno(), 'kevent64');
    },
    take() {
      const count = libsystem.kevent64(descriptor, null, 0, events, AT_ONCE, 0, atOnce);
      if (count < 0) throw systemError(libraries.errno(), 'kevent64');
      return Array.from({ length: count }, (_, index) => {
        const base = index * QUEUE_EVENT.size;
        return {
          identity: readField(events, identity, base),
          notes: readField(events, notes, base),
          data: readField(events, data, base),
        };
      });
    },
    close: () => void libsystem.close(descriptor),
  };
}
