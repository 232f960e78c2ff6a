import { endingOf } from '../../events/process-ending.ts';
import type { ProcessEnding } from '../../events/process-ending.ts';
import { encodeMessage, parseMessages } from '../netlink/message.ts';

/** CN_IDX_PROC and CN_VAL_PROC of linux/connector.h. */
const PROCESSES = 1;
/** Bytes of `struct cn_msg`: u32 index, u32 value, u32 sequence, u32 acknowledged, u16 length, u16 flags. */
const CONNECTOR_HEADER = 20;
/** Bytes of `struct proc_event` before what differs: u32 what, u32 cpu, u64 nanoseconds. */
const EVENT_HEADER = 16;
/** enum proc_cn_mcast_op of linux/cn_proc.h. */
const PROC_CN_MCAST_LISTEN = 1;
const NLMSG_DONE = 3;
const PROC_EVENT_NONE = 0;
const PROC_EVENT_FORK = 1;
const PROC_EVENT_EXEC = 2;
const PROC_EVENT_EXIT = 0x8000_0000;

/** What the kernel says about processes. Threads are left out. */
export type ProcessNews =
  /** The answer to a listener, with the number of its question; every listener is told. */
  | { readonly is: 'acknowledged'; readonly question: number; readonly errno: number }
  | { readonly is: 'started'; readonly pid: number; readonly ppid: number }
  | { readonly is: 'executed'; readonly pid: number }
  | ({ readonly is: 'exited'; readonly pid: number } & ProcessEnding);

/** The message that asks to be told. `question`, 0 to 2^32 - 1, comes back in the answer: in `acknowledged`, one more; kernels number the rest themselves. */
export function encodeListen(question: number): Buffer {
  const body = Buffer.alloc(CONNECTOR_HEADER + 4);
  body.writeUInt32LE(PROCESSES, 0);
  body.writeUInt32LE(PROCESSES, 4);
  body.writeUInt32LE(question, 12);
  body.writeUInt16LE(4, 16);
  body.writeUInt32LE(PROC_CN_MCAST_LISTEN, CONNECTOR_HEADER);
  return encodeMessage({ type: NLMSG_DONE, flags: 0, sequence: 0 }, body);
}

/** Decodes a datagram of the connector of processes (linux/connector.h, linux/cn_proc.h); what is not whole is left out. */
export function parseProcessMessages(datagram: Buffer): ProcessNews[] {
  return parseMessages(datagram).flatMap(({ payload }) => {
    if (payload.length < CONNECTOR_HEADER || payload.readUInt32LE(0) !== PROCESSES || payload.readUInt32LE(4) !== PROCESSES) return [];
    const event = payload.subarray(CONNECTOR_HEADER, CONNECTOR_HEADER + payload.readUInt16LE(16));
    const news = parseEvent(event, (payload.readUInt32LE(12) - 1) >>> 0);
    return news ? [news] : [];
  });
}

function parseEvent(event: Buffer, question: number): ProcessNews | null {
  if (event.length < EVENT_HEADER + 16) return null;
  const word = (index: number): number => event.readUInt32LE(EVENT_HEADER + 4 * index);
  switch (event.readUInt32LE(0)) {
    case PROC_EVENT_NONE:
      return { is: 'acknowledged', question, errno: word(0) };
    case PROC_EVENT_FORK:
      // Parent's pid and group, child's pid and group: of a new thread the last two differ.
      return word(2) === word(3) ? { is: 'started', pid: word(3), ppid: word(1) } : null;
    case PROC_EVENT_EXEC:
      return { is: 'executed', pid: word(1) };
    case PROC_EVENT_EXIT:
      // Pid, group, status of wait(2), signal to the parent.
      return word(0) === word(1) ? { is: 'exited', pid: word(1), ...endingOf(word(2)) } : null;
    default:
      return null;
  }
}
