import { closeSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { errnoOf, HecateError, nativeBuffer, openNative } from '@hecate/host';
import { encodeMessage, errnoOfMessage, NLM_F_ACK, NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, parseMessages } from './message.ts';
import { NLMSG_DONE, NLMSG_ERROR } from './message.ts';
import type { NetlinkMessage } from './message.ts';

/** Protocols of netlink (linux/netlink.h). */
export const NETLINK_ROUTE = 0;
/** Sockets of all processes (linux/sock_diag.h). */
export const NETLINK_SOCK_DIAG = 4;
/** Families by name (linux/genetlink.h). */
export const NETLINK_GENERIC = 16;

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0x80000;
const MSG_PEEK = 2;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;

/** The kernel makes parts of a dump as large as the reader's buffer, up to 32 KiB. */
const FIRST_BUFFER = 32_768;
/** How often a table that changes while it is dumped is asked for. */
const ATTEMPTS = 3;

/** A socket to the kernel, in the network namespace of our process. Every call answers at once; none waits. */
export interface NetlinkSocket {
  /** For poll(2). */
  readonly descriptor: number;
  /**
   * All entries of a table, one message each. A message's bytes are valid until the next one is asked for.
   * Throws the errno that the kernel answers, with `code` as node:fs has it.
   */
  dump(type: number, payload: Buffer): Generator<NetlinkMessage, undefined, undefined>;
  /**
   * The rows of a table that is short enough to be asked for again when it changed in between.
   * A message that `decode` answers with null makes no row.
   */
  rows<Row>(type: number, payload: Buffer, decode: (message: NetlinkMessage) => Row | null): Row[];
  /** Asks for one thing. Null when the kernel acknowledged without an answer. Throws as {@link dump} does. */
  request(type: number, payload: Buffer): NetlinkMessage | null;
  /**
   * What has come unasked in the groups that were joined: the messages of one datagram, valid until the next call, or null when
   * there is none. Throws ENOBUFS once when some were lost because nobody read.
   */
  receive(): NetlinkMessage[] | null;
  close(): void;
}

/** An error as node:fs throws it, from an errno in a message. */
function answeredError(errno: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`${code}: netlink`), { errno: -errno, code, syscall: 'netlink' });
}

/** The first bytes of `memory` become a `struct sockaddr_nl`: any port, the groups of `bits`. */
function groupAddress(bits: number): Buffer {
  const address = nativeBuffer(12);
  address.writeUInt16LE(AF_NETLINK, 0);
  address.writeUInt32LE(bits, 8);
  return address;
}

/**
 * Opens a netlink socket of one of the protocols above, joining the multicast groups whose bits are set in `groups`
 * (RTMGRP_* of linux/rtnetlink.h). Throws UNAVAILABLE or UNSUPPORTED where native calls are not to be had,
 * and the operating system's error where the kernel lacks the protocol (EPROTONOSUPPORT) or forbids it.
 * What is longer than `bufferSize` is received all the same: the buffer grows.
 */
export function openNetlink(protocol: number, groups: number = 0, bufferSize: number = FIRST_BUFFER): NetlinkSocket {
  const native = openNative();
  let descriptor = native.syscall('socket', AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
  let buffer = nativeBuffer(bufferSize);
  let sequence = 0;
  let interrupted = false;
  const close = (): void => {
    if (descriptor >= 0) closeSync(descriptor);
    descriptor = -1;
  };
  try {
    if (groups !== 0) native.syscall('bind', descriptor, groupAddress(groups), 12);
  } catch (error) {
    close();
    throw error;
  }

  /** One datagram, whole: its length is looked at first, because what does not fit is lost. Null when there is none. */
  const receive = (): NetlinkMessage[] | null => {
    try {
      for (;;) {
        const length = native.syscall('recvfrom', descriptor, buffer, buffer.length, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT, null, null);
        if (length <= buffer.length) break;
        buffer = nativeBuffer(length);
      }
      const length = native.syscall('recvfrom', descriptor, buffer, buffer.length, MSG_DONTWAIT, null, null);
      return parseMessages(buffer.subarray(0, length));
    } catch (error) {
      if (errnoOf(error) === 'EAGAIN') return null;
      throw error;
    }
  };

  const send = (type: number, flags: number, payload: Buffer): void => {
    sequence = (sequence + 1) >>> 0;
    const bytes = encodeMessage({ type, flags: NLM_F_REQUEST | flags, sequence }, payload);
    const message = nativeBuffer(bytes.length);
    bytes.copy(message);
    native.syscall('sendto', descriptor, message, message.length, 0, null, 0);
  };

  /** What answers the last request. The kernel has put it there before the call that asked came back, so there is no waiting. */
  function* answers(): Generator<NetlinkMessage, undefined, undefined> {
    const mine = sequence;
    for (;;) {
      const messages = receive();
      if (!messages) throw new HecateError('FAILED', 'The kernel did not answer a netlink request.');
      for (const message of messages) if (message.sequence === mine) yield message;
    }
  }

  function* dump(type: number, payload: Buffer): Generator<NetlinkMessage, undefined, undefined> {
    interrupted = false;
    send(type, NLM_F_DUMP, payload);
    const all = answers();
    let done = false;
    try {
      for (const message of all) {
        if ((message.flags & NLM_F_DUMP_INTR) !== 0) interrupted = true;
        if (message.type === NLMSG_DONE || message.type === NLMSG_ERROR) {
          done = true;
          const errno = errnoOfMessage(message);
          if (errno !== 0) throw answeredError(errno);
          return;
        }
        yield message;
      }
    } finally {
      // Who stops early leaves a dump behind that would be in the way of the next one.
      while (!done && descriptor >= 0) done = (receive() ?? [{ type: NLMSG_DONE }]).some((message) => message.type === NLMSG_DONE);
    }
  }

  return {
    get descriptor() {
      return descriptor;
    },
    dump,
    rows(type, payload, decode) {
      for (let attempt = 1; ; attempt++) {
        const rows = [];
        for (const message of dump(type, payload)) {
          const row = decode(message);
          if (row !== null) rows.push(row);
        }
        if (!interrupted || attempt === ATTEMPTS) return rows;
      }
    },
    request(type, payload) {
      send(type, NLM_F_ACK, payload);
      let answer: NetlinkMessage | null = null;
      for (const message of answers()) {
        if (message.type !== NLMSG_ERROR) {
          // The acknowledgement that follows may come into the same memory.
          answer = { ...message, payload: Buffer.from(message.payload) };
          continue;
        }
        const errno = errnoOfMessage(message);
        if (errno !== 0) throw answeredError(errno);
        break;
      }
      return answer;
    },
    receive,
    close,
  };
}
