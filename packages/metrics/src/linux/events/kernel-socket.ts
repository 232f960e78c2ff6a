import { closeSync } from 'node:fs';
import { errnoOf, nativeBuffer, openNative } from '@hecate/host';

/** Messages from kernel objects, one text each (linux/netlink.h). */
export const NETLINK_KOBJECT_UEVENT = 15;
/** The connector (kernel: Documentation/driver-api/connector.rst). */
export const NETLINK_CONNECTOR = 11;

const AF_NETLINK = 16;
const SOCK_DGRAM_CLOEXEC_NONBLOCK = 2 | 0x80000 | 0o4000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
/** Bytes of `struct sockaddr_nl`: u16 family, u16, u32 port, u32 groups. */
const ADDRESS_LENGTH = 12;
const PORT_AT = 4;
const MESSAGE_LENGTH = 65_536;
/** The queue of the kernel; it is capped by net.core.rmem_max. */
const QUEUE_LENGTH = 1 << 20;

/** A datagram socket of netlink whose messages are not framed like those of the tables of the network. */
export interface KernelSocket {
  /** For poll(2). */
  readonly descriptor: number;
  /**
   * The next datagram, valid until the next call; null when there is none. Only the kernel is listened to: what a program sends is
   * passed over. Throws ENOBUFS once when some were lost.
   */
  receive(): Buffer | null;
  send(message: Buffer): void;
  close(): void;
}

/** Opens a socket of a protocol and joins the groups whose bits are set. Throws the operating system's error. */
export function openKernelSocket(protocol: number, groups: number): KernelSocket {
  const native = openNative();
  const descriptor = native.syscall('socket', AF_NETLINK, SOCK_DGRAM_CLOEXEC_NONBLOCK, protocol);
  const close = (): void => closeSync(descriptor);
  const message = nativeBuffer(MESSAGE_LENGTH);
  const sender = nativeBuffer(ADDRESS_LENGTH);
  const senderLength = nativeBuffer(4);
  try {
    const size = nativeBuffer(4);
    size.writeUInt32LE(QUEUE_LENGTH);
    native.syscall('setsockopt', descriptor, SOL_SOCKET, SO_RCVBUF, size, 4);
    const address = nativeBuffer(ADDRESS_LENGTH);
    address.writeUInt16LE(AF_NETLINK, 0);
    address.writeUInt32LE(groups, 8);
    native.syscall('bind', descriptor, address, ADDRESS_LENGTH);
  } catch (error) {
    close();
    throw error;
  }
  return {
    descriptor,
    receive() {
      try {
        for (;;) {
          senderLength.writeUInt32LE(ADDRESS_LENGTH);
          const length = native.syscall('recvfrom', descriptor, message, message.length, 0, sender, senderLength);
          if (sender.readUInt32LE(PORT_AT) === 0) return message.subarray(0, length);
        }
      } catch (error) {
        if (errnoOf(error) === 'EAGAIN') return null;
        throw error;
      }
    },
    send(bytes) {
      const memory = nativeBuffer(bytes.length);
      bytes.copy(memory);
      native.syscall('sendto', descriptor, memory, memory.length, 0, null, 0);
    },
    close,
  };
}

/** Datagrams taken in at a time; others get their turn in between. */
const AT_ONCE = 256;

/** Takes in what has come. `lost` is called when the kernel threw some away. */
export function receiveAll(socket: KernelSocket, take: (message: Buffer) => void, lost: () => void): void {
  for (let count = 0; count < AT_ONCE; count++) {
    try {
      const message = socket.receive();
      if (!message) return;
      take(message);
    } catch (error) {
      if (errnoOf(error) !== 'ENOBUFS') throw error;
      lost();
    }
  }
}
