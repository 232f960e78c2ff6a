import type { MountstatsReading, NfsOperation, NfsTransport } from '../../domain/mountstats.ts';
import { unescapeOctal } from '../mountinfo.ts';

/** Names of the numbers of the line `bytes` (kernel: include/linux/nfs_iostat.h, enum nfs_stat_bytecounters). */
const BYTES = [
  'read_bytes',
  'write_bytes',
  'direct_read_bytes',
  'direct_write_bytes',
  'total_read_bytes',
  'total_write_bytes',
  'read_pages',
  'write_pages',
] as const;

/** Names of the numbers of the line `events` (enum nfs_stat_eventcounters); the one without a name is not used any more. */
const EVENTS = `inode_revalidate dnode_revalidate data_invalidate attribute_invalidate vfs_open vfs_lookup vfs_access vfs_update_page
  vfs_read_page vfs_read_pages vfs_write_page vfs_write_pages vfs_getdents vfs_setattr vfs_flush vfs_fsync vfs_lock vfs_file_release -
  truncation write_extension silly_rename short_read short_write jukebox_delay pnfs_read pnfs_write`.split(/\s+/);

/** A 64 bit counter above this went below zero. */
const WRAPPED = 2 ** 63;

const number = (text: string | undefined): number | null => (text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : null);

function name(names: readonly string[], texts: readonly string[]): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [index, key] of names.entries()) {
    const value = number(texts[index]);
    if (value !== null && key !== '-') values[key] = value;
  }
  return values;
}

/**
 * The line `xprt` (net/sunrpc/xprtsock.c, xprtrdma/transport.c): UDP lacks the three numbers about connections,
 * and version 1.0 of the lines the last three.
 */
function toTransport(index: number, [protocol = '', ...texts]: readonly string[]): NfsTransport | null {
  const numbers = texts.map(number);
  const at = (place: number): number | null => numbers[place] ?? null;
  const skip = protocol === 'udp' ? 0 : 3;
  const [binds, sends, receives, badAnswers, backlog] = [at(1), at(skip + 2), at(skip + 3), at(skip + 4), at(skip + 6)];
  if (binds === null || sends === null || receives === null || badAnswers === null || backlog === null) return null;
  return {
    transport: String(index),
    protocol,
    binds,
    connects: skip === 0 ? null : at(2),
    idleTime: skip === 0 ? null : at(4),
    sends,
    receives,
    badAnswers,
    backlog,
    maximumSlots: at(skip + 7),
    sendingQueue: at(skip + 8),
    pendingQueue: at(skip + 9),
  };
}

/** A line of the statistics per operation: `READ: 1298 1298 0 207680 1210292152 6 79386 79407`. */
function toOperation(word: string, texts: readonly string[]): NfsOperation | null {
  const numbers = texts.map(number);
  const [requests, transmissions, majorTimeouts, sentBytes, receivedBytes] = numbers;
  if (requests == null || transmissions == null || majorTimeouts == null || sentBytes == null || receivedBytes == null) return null;
  const seconds = (place: number): number | null => {
    const milliseconds = numbers[place] ?? null;
    return milliseconds === null || milliseconds >= WRAPPED ? null : milliseconds / 1000;
  };
  return {
    operation: word.replace(/:$/, ''),
    requests,
    transmissions,
    majorTimeouts,
    sentBytes,
    receivedBytes,
    queueTime: seconds(5),
    responseTime: seconds(6),
    requestTime: seconds(7),
    errors: numbers[8] ?? null,
  };
}

const unescape = (text: string): string => unescapeOctal(Buffer.from(text)).toString('utf8');

function toMount([, device = '', mountpoint = '', fstype = '']: readonly string[], lines: readonly string[]): MountstatsReading {
  const transports: NfsTransport[] = [];
  const operations: NfsOperation[] = [];
  let [age, bytes, events] = [null as number | null, {}, {}];
  let isInOperations = false;
  for (const line of lines) {
    const [word = '', ...texts] = line.trim().split(/\s+/);
    if (isInOperations) {
      const operation = toOperation(word, texts);
      if (operation) operations.push(operation);
    } else if (word === 'age:') age = number(texts[0]);
    else if (word === 'bytes:') bytes = name(BYTES, texts);
    else if (word === 'events:') events = name(EVENTS, texts);
    else if (word === 'xprt:') {
      const transport = toTransport(transports.length, texts);
      if (transport) transports.push(transport);
    } else isInOperations = word === 'per-op';
  }
  return { device: unescape(device), mountpoint: unescape(mountpoint), fstype, address: null, age, bytes, events, transports, operations };
}

/**
 * The NFS mounts of /proc/PID/mountstats (kernel: fs/proc_namespace.c, fs/nfs/super.c, nfs_show_stats): a line
 * `device server:/export mounted on /mnt with fstype nfs4 statvers=1.1` and indented ones after it. Addresses are null still.
 */
export function parseMountstats(content: string): MountstatsReading[] {
  const lines = content.split('\n');
  const mounts: MountstatsReading[] = [];
  for (let i = 0; i < lines.length; i++) {
    const first = /^device (\S+) mounted on (\S+) with fstype (nfs4?) statvers=/.exec(lines[i]!);
    if (!first) continue;
    let end = i + 1;
    while (end < lines.length && !lines[end]!.startsWith('device ')) end++;
    mounts.push(toMount(first, lines.slice(i + 1, end)));
  }
  return mounts;
}

/** The addresses of the servers of NFS mounts, from mountinfo: in the same order as in mountstats. */
export function parseServerAddresses(mountinfo: string): (string | null)[] {
  const addresses: (string | null)[] = [];
  for (const line of mountinfo.split('\n')) {
    const [, options] = / - nfs4? \S+ (\S+)$/.exec(line) ?? [];
    if (options !== undefined) addresses.push(/(?:^|,)addr=([^,]+)/.exec(options)?.[1] ?? null);
  }
  return addresses;
}
