import type { Happening, WatchNote } from '../../events/event.ts';
import type { EventSource } from '../../events/event-source.ts';
import { openSources } from '../../events/open-sources.ts';
import type { WatchOptions } from '../../events/watch-options.ts';
import { planWatch } from '../../events/watch-plan.ts';
import { constant, encode } from './abi.testing.ts';
import type { FakeDarwin } from './fake-darwin.testing.ts';
import { long } from './machine.testing.ts';
import type { FakeMachine, Refusal } from './machine.testing.ts';

/** Names of notify(3) that events come by, from Apple's headers. */
export const NAMES = {
  source: 'com.apple.system.powersources.source',
  attach: 'com.apple.system.powersources.attach',
  thermal: 'com.apple.system.thermalpressurelevel',
  clockSet: 'com.apple.system.clock_set',
} as const;

const FLAGS = (...names: readonly string[]): number => names.reduce((all, name) => (all | constant(name)) >>> 0, 0);

/** What a queue is asked about volumes. */
export const MOUNT_CHANGE: Buffer = encode('kevent64_s', {
  filter: constant('EVFILT_FS'),
  flags: FLAGS('EV_ADD', 'EV_CLEAR'),
  fflags: FLAGS('VQ_MOUNT', 'VQ_UNMOUNT', 'VQ_DEAD', 'VQ_UPDATE'),
});

/** What a queue is asked about the end of a process: with its status, or without. */
export const exitChange = (pid: number, withStatus: boolean): Buffer =>
  encode('kevent64_s', {
    ident: pid,
    filter: constant('EVFILT_PROC'),
    flags: FLAGS('EV_ADD', 'EV_ONESHOT'),
    fflags: withStatus ? FLAGS('NOTE_EXIT', 'NOTE_EXITSTATUS') : FLAGS('NOTE_EXIT'),
  });

/** What a queue is asked no more about a process. */
export const exitDeletion = (pid: number): Buffer =>
  encode('kevent64_s', { ident: pid, filter: constant('EVFILT_PROC'), flags: FLAGS('EV_DELETE') });

/** What a queue tells of the end of a process: the status as wait(2) has it, null where it was not asked for. */
export const exitEvent = (pid: number, status: number | null): Buffer =>
  encode('kevent64_s', {
    ident: pid,
    filter: constant('EVFILT_PROC'),
    flags: FLAGS('EV_ADD', 'EV_ONESHOT', 'EV_EOF'),
    fflags: status === null ? FLAGS('NOTE_EXIT') : FLAGS('NOTE_EXIT', 'NOTE_EXITSTATUS'),
    // The bits above the status are for other purposes.
    data: status === null ? 0 : status | 0x40_0000,
  });

/** A message of the kernel about an interface. */
export function networkMessage(subclass: string | number, code: number, name: string, unit: number): Buffer {
  const head = encode('kern_event_msg', {
    total_size: 48,
    vendor_code: constant('KEV_VENDOR_APPLE'),
    kev_class: constant('KEV_NETWORK_CLASS'),
    kev_subclass: typeof subclass === 'string' ? constant(subclass) : subclass,
    id: 77,
    event_code: code,
  });
  return Buffer.concat([head.subarray(0, 24), encode('net_event_data', { if_family: 2, if_unit: unit, if_name: name })]);
}

const SYSTEM_SOCKET = [constant('PF_SYSTEM'), constant('SOCK_RAW'), constant('SYSPROTO_EVENT')] as const;
const NETWORK_REQUEST = encode('kev_request', {
  vendor_code: constant('KEV_VENDOR_APPLE'),
  kev_class: constant('KEV_NETWORK_CLASS'),
  kev_subclass: constant('KEV_ANY_SUBCLASS'),
});

/** The key of an answer of kevent64. */
export const queueKey = (change: Buffer): string => `kevent64:${change.toString('hex')}`;

/** What a machine answers who waits for the end of a process: its entry, and whether its status is told. */
export function waitedFor(process: { pid: number; name: string; started: number }, mayHearStatus: boolean): FakeMachine {
  const { pid, name, started } = process;
  const place = ['CTL_KERN', 'KERN_PROC', 'KERN_PROC_PID'].map((number) => constant(number)).join('.');
  return {
    answers: {
      [`sysctl:${place}.${pid}`]: encode('kinfo_proc', {
        'kp_proc.p_pid': pid,
        'kp_proc.p_comm': name,
        'kp_proc.p_un.__p_starttime.tv_sec': Math.floor(started),
        'kp_proc.p_un.__p_starttime.tv_usec': Math.round((started % 1) * 1e6),
      }),
      [queueKey(exitChange(pid, true))]: mayHearStatus ? Buffer.alloc(0) : { result: -1, error: constant('EACCES') },
      [queueKey(exitChange(pid, false))]: Buffer.alloc(0),
    },
  };
}

/** The clocks of a machine, seconds since it booted: that which stands still in sleep, that which goes on. */
export const clocksOf = (awake: number, boot: number): FakeMachine => ({
  answers: {
    [`clock_gettime_nsec_np:${constant('CLOCK_UPTIME_RAW')}`]: long(BigInt(Math.round(awake * 1e9))),
    [`clock_gettime_nsec_np:${constant('CLOCK_MONOTONIC_RAW')}`]: long(BigInt(Math.round(boot * 1e9))),
  },
});

/** Everything that events come by, on a machine where all of it works. */
export const eventful: FakeMachine = {
  answers: {
    ...Object.fromEntries(Object.values(NAMES).map((name) => [`notify:${name}`, long(0)])),
    kevent64: { error: encode('kevent64_s', {}).length },
    [queueKey(MOUNT_CHANGE)]: Buffer.alloc(0),
    [`socket:${SYSTEM_SOCKET.join(':')}`]: Buffer.alloc(0),
    [`ioctl:${constant('SIOCSKEVFILT').toString(16)}:${NETWORK_REQUEST.toString('hex')}`]: Buffer.alloc(0),
    ...clocksOf(1000, 1200).answers,
  } satisfies Record<string, Buffer | Refusal>,
};

/** What a test makes happen. Each gives how many were told. */
export interface Happenings {
  post(name: string, times?: number): number;
  /** Bytes that wait in the pipe of a name. */
  unread(name: string): number;
  /** To the sockets that are told of the network. */
  send(message: Buffer, times?: number): number;
  /** In the queues that were asked for `change`. */
  happen(change: Buffer, event: Buffer): number;
  /** notifyd goes. */
  hangUp(): void;
}

/** Makes things happen on a stand-in. */
export function happeningsOf({ libraries }: FakeDarwin): Happenings {
  const library = libraries.load('the stand-in')!;
  const post = library.function('fake_post', { gives: 'i32', takes: ['text', 'i32'] })!;
  const unread = library.function('fake_unread', { gives: 'i32', takes: ['text'] })!;
  const send = library.function('fake_send', { gives: 'i32', takes: ['i32', 'i32', 'i32', 'memory', 'u64', 'i32'] })!;
  const happen = library.function('fake_happen', { gives: 'i32', takes: ['memory', 'memory', 'u64'] })!;
  const hangUp = library.function('fake_hang_up', { gives: 'void', takes: [] })!;
  return {
    post: (name, times = 1) => post(name, times) as number,
    unread: (name) => unread(name) as number,
    send: (message, times = 1) => send(...SYSTEM_SOCKET, message, message.length, times) as number,
    happen: (change, event) => happen(change, event, event.length) as number,
    hangUp: () => void hangUp(),
  };
}

/** A source that a test drives by hand: no time passes, and nothing is waited for. */
export interface DrivenSource {
  /** Everything that it said, in order. */
  readonly seen: readonly (Happening | WatchNote)[];
  /** All descriptors are ready. Gives how many were looked at. */
  ready(): number;
  /** All timers are due. */
  tick(): void;
  /** Whether it said that nothing is left to watch. */
  isOver(): boolean;
  close(): Promise<void>;
}

/** Opens one source as a watch opens all of them, but for the loop of events and the clock. */
export function driveSource(source: EventSource, fake: FakeDarwin, options: WatchOptions = {}): DrivenSource {
  const seen: (Happening | WatchNote)[] = [];
  const readers = new Set<(happened: number) => void>();
  const timers = new Set<() => void>();
  let over = false;
  const { setInterval: start, clearInterval: end } = globalThis;
  globalThis.setInterval = ((act: () => void) => (timers.add(act), act)) as unknown as typeof setInterval;
  globalThis.clearInterval = (handle) => {
    // Whatever else runs meanwhile has timers of its own.
    if (!timers.delete(handle as unknown as () => void)) end(handle);
  };
  const openWaiter = () => ({
    watch: (_descriptor: number, _events: number, ready: (happened: number) => void) => {
      readers.add(ready);
      return () => void readers.delete(ready);
    },
    close: async () => readers.clear(),
  });
  const plan = planWatch({ only: source.kinds.filter((kind) => kind !== 'process-exit'), ...options });
  const sources = openSources({ sources: [source], openWaiter }, fake.host, plan, {
    emit: (event) => void seen.push(event),
    over: () => {
      over = true;
    },
  });
  globalThis.setInterval = start;
  return {
    seen,
    ready() {
      const now = [...readers];
      for (const ready of now) ready(1);
      return now.length;
    },
    tick: () => [...timers].forEach((act) => act()),
    isOver: () => over,
    async close() {
      await sources.close();
      globalThis.clearInterval = end;
    },
  };
}
