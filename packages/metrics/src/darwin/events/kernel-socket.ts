import { HecateError, nativeBuffer } from '@hecate/host';
import { APPLE } from '../apple-numbers.ts';
import type { Darwin } from '../binding/darwin.ts';
import { KERNEL_MESSAGE, MESSAGE_INTERFACE, MESSAGE_REQUEST } from '../layout/kernel-event.ts';
import { readField, readText, writeField } from '../layout/layout.ts';
import { systemError } from '../libsystem/system-error.ts';
import { prepareDescriptor, readNow } from './descriptor.ts';

/** A message of the kernel about the network. */
export interface NetworkMessage {
  /** KEV subclass: links, IPv4, IPv6, … */
  readonly subclass: number;
  /** What happened, as the subclass counts it. */
  readonly code: number;
  /** The interface that it is about. */
  readonly device: string;
}

/** A socket that is told what the kernel does with its network. */
export interface KernelSocket {
  readonly descriptor: number;
  /** The next message; null when there is none. One that is cut is passed over. Throws the system's error, UNAVAILABLE at its end. */
  receive(): NetworkMessage | null;
  close(): void;
}

/** Bytes of the longest message that matters. What is longer is cut at its end, which is not read. */
const ROOM = 1024;

/** Decodes a message; null when it is not whole. */
export function parseNetworkMessage(bytes: Buffer): NetworkMessage | null {
  const { subclass, code, data } = KERNEL_MESSAGE.fields;
  const base = data[1];
  if (bytes.length < base + MESSAGE_INTERFACE.size) return null;
  return {
    subclass: readField(bytes, subclass),
    code: readField(bytes, code),
    device: `${readText(bytes, MESSAGE_INTERFACE.texts.name, base)}${readField(bytes, MESSAGE_INTERFACE.fields.unit, base)}`,
  };
}

/** Opens a socket for all messages of the network (kern_event(4) of XNU: sys/kern_event.h). Anyone may. Throws the system's error. */
export function openKernelSocket(darwin: Darwin): KernelSocket {
  const { libsystem, libraries } = darwin;
  const descriptor = libsystem.socket(APPLE.PF_SYSTEM, APPLE.SOCK_RAW, APPLE.SYSPROTO_EVENT);
  if (descriptor < 0) throw systemError(libraries.errno(), 'socket');
  const close = (): void => void libsystem.close(descriptor);
  try {
    prepareDescriptor(darwin, descriptor);
    const request = nativeBuffer(MESSAGE_REQUEST.size);
    writeField(request, MESSAGE_REQUEST.fields.vendor, APPLE.KEV_VENDOR_APPLE);
    writeField(request, MESSAGE_REQUEST.fields.class, APPLE.KEV_NETWORK_CLASS);
    writeField(request, MESSAGE_REQUEST.fields.subclass, APPLE.KEV_ANY_SUBCLASS);
    if (libsystem.ioctl(descriptor, APPLE.SIOCSKEVFILT, request) < 0) throw systemError(libraries.errno(), 'ioctl SIOCSKEVFILT');
  } catch (error) {
    close();
    throw error;
  }
  const bytes = Buffer.alloc(ROOM);
  return {
    descriptor,
    receive() {
      for (;;) {
        const length = readNow(descriptor, bytes);
        if (length === null) return null;
        if (length === 0) throw new HecateError('UNAVAILABLE', 'The kernel tells nothing of the network any more.');
        const message = parseNetworkMessage(bytes.subarray(0, length));
        if (message) return message;
      }
    },
    close,
  };
}
