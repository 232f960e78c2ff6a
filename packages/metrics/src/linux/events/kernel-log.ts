/** A record of /dev/kmsg (kernel: Documentation/ABI/testing/dev-kmsg). */
export interface KernelRecord {
  /** Who wrote it: 0 is the kernel, which no program can claim to be. */
  readonly facility: number;
  readonly sequence: number;
  /** The message, its escapes undone, invalid UTF-8 replaced. */
  readonly text: string;
}

const NEWLINE = 10;
const SEMICOLON = 59;
const BACKSLASH = 92;

/** `4,1234,5678,-;text\n KEY=value\n`: priority, sequence, microseconds, flags. Null when it is not of this shape. */
export function parseKernelRecord(bytes: Buffer): KernelRecord | null {
  const semicolon = bytes.indexOf(SEMICOLON);
  if (semicolon < 0) return null;
  const head = /^(\d{1,10}),(\d{1,20}),/.exec(bytes.toString('latin1', 0, semicolon));
  if (!head) return null;
  const newline = bytes.indexOf(NEWLINE, semicolon);
  const message = bytes.subarray(semicolon + 1, newline < 0 ? bytes.length : newline);
  return { facility: Number(head[1]) >>> 3, sequence: Number(head[2]), text: unescapeHex(message).toString('utf8') };
}

/** Undoes `\x0a`: the kernel writes bytes that are no printable ASCII, and the backslash, in this way. */
export function unescapeHex(message: Buffer): Buffer {
  if (!message.includes(BACKSLASH)) return message;
  const bytes = Buffer.alloc(message.length);
  let length = 0;
  for (let at = 0; at < message.length; at++) {
    const code = message[at] === BACKSLASH && message[at + 1] === 0x78 ? hexAt(message, at + 2) : -1;
    bytes[length++] = code < 0 ? message[at]! : code;
    if (code >= 0) at += 3;
  }
  return bytes.subarray(0, length);
}

/** The byte that two hexadecimal digits name, or -1. */
function hexAt(message: Buffer, at: number): number {
  const digits = message.toString('latin1', at, at + 2);
  return /^[0-9a-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : -1;
}

/** The line that says which process must go (dump_oom_victim of mm/oom_kill.c). */
export interface OomChoice {
  readonly pid: number;
  /** The control group whose limit was reached; null when the whole machine ran out. */
  readonly cgroup: string | null;
}

/** The line that says which process was killed (__oom_kill_process of mm/oom_kill.c). */
export interface OomVictim {
  readonly pid: number;
  /** The kernel's name of it. It may hold anything, also what looks like the rest of the line. */
  readonly name: string;
  /** Null in kernels before 5.9, which do not say it. */
  readonly uid: number | null;
  /** Bytes in memory. */
  readonly rss: number;
}

/**
 * `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/a,task_memcg=/a/b,task=name,pid=1,uid=0`.
 * Numbers are taken from the end, where a name cannot stand. Null for another line.
 */
export function parseOomChoice(text: string): OomChoice | null {
  if (!text.startsWith('oom-kill:constraint=')) return null;
  const tail = /,pid=(\d{1,10}),uid=\d{1,10}$/.exec(text);
  if (!tail) return null;
  const group = /,oom_memcg=(.*?),task_memcg=/s.exec(text);
  return { pid: Number(tail[1]), cgroup: group?.[1] ?? null };
}

const VICTIM =
  /^[^:]*: Killed process (\d{1,10}) \((.*)\) total-vm:\d{1,20}kB, anon-rss:(\d{1,20})kB, file-rss:(\d{1,20})kB, shmem-rss:(\d{1,20})kB(?:, UID:(\d{1,10}))?(?: pgtables:\d{1,20}kB)?(?: oom_score_adj:-?\d{1,5})?$/s;

/** `Memory cgroup out of memory: Killed process 12 (name) total-vm:1kB, anon-rss:1kB, …, UID:0 …`. Null for another line. */
export function parseOomVictim(text: string): OomVictim | null {
  // The greedy name takes all up to the last end of this shape.
  const match = VICTIM.exec(text);
  if (!match) return null;
  const [, pid, name, anonymous, file, shared, uid] = match;
  return {
    pid: Number(pid),
    name: name!,
    uid: uid === undefined ? null : Number(uid),
    rss: (Number(anonymous) + Number(file) + Number(shared)) * 1024,
  };
}
