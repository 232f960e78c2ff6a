import { HecateError, nativeBuffer } from '@hecate/host';
import { APPLE } from '../apple-numbers.ts';
import type { Darwin } from '../binding/darwin.ts';
import { prepareDescriptor, readNow } from './descriptor.ts';

/** Names of notify(3) that are listened to. */
export interface Notifications {
  /** Readable when one of the names was posted. It belongs to the system: nobody but {@link close} closes it. */
  readonly descriptor: number;
  /** Takes away what was posted until now; how often hardly matters. Throws UNAVAILABLE when nothing will come any more. */
  take(): void;
  /** Stops listening. */
  close(): void;
}

/**
 * Listens to names of notify(3) through one pipe, which notifyd writes to. Throws UNAVAILABLE when they are not to be had, UNSUPPORTED where
 * the system lacks the functions.
 */
export function openNotifications(darwin: Darwin, names: readonly [string, ...string[]]): Notifications {
  const { libsystem } = darwin;
  const tokens: number[] = [];
  const descriptor = nativeBuffer(4);
  const token = nativeBuffer(4);
  const close = (): void => {
    for (const one of tokens) libsystem.notify_cancel(one);
  };
  try {
    for (const name of names) {
      const flags = tokens.length === 0 ? 0 : APPLE.NOTIFY_REUSE;
      const status = libsystem.notify_register_file_descriptor(name, descriptor, flags, token);
      if (status !== 0) throw new HecateError('UNAVAILABLE', `notify_register_file_descriptor answered ${status} for ${name}.`);
      tokens.push(token.readInt32LE(0));
    }
    prepareDescriptor(darwin, descriptor.readInt32LE(0));
  } catch (error) {
    close();
    throw error;
  }
  const pipe = descriptor.readInt32LE(0);
  // A token in four bytes for each post.
  const posts = Buffer.alloc(4096);
  return {
    descriptor: pipe,
    take() {
      for (;;) {
        const length = readNow(pipe, posts);
        if (length === 0) throw new HecateError('UNAVAILABLE', `Nobody posts ${names[0]} any more: notifyd has gone.`);
        if (length === null || length < posts.length) return;
      }
    },
    close,
  };
}
