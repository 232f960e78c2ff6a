import type { PressureResource } from '../domain/pressure.ts';
import type { THERMAL_LEVELS } from '../domain/thermal.ts';
import type { GapReason } from '../model/gap.ts';

/** How an event was learned: told by the kernel the moment it happened, or found by looking now and then. */
export type Learned = 'kernel' | 'polling';

/** A network interface came, went, or changed. */
export interface LinkEvent {
  readonly kind: 'link';
  /** `up` and `down`: whether it can carry data, for whatever reason. */
  readonly change: 'added' | 'removed' | 'renamed' | 'up' | 'down';
  readonly device: string;
  /** The kernel's number of the interface. */
  readonly index: number;
  /** The name until now; null unless `change` is `renamed`. */
  readonly previous: string | null;
  /** Whether somebody switched it on (IFF_UP): false with `down` means that it was switched off, true that the link was lost. */
  readonly enabled: boolean;
}

/** An address of an interface came or went. */
export interface AddressEvent {
  readonly kind: 'address';
  readonly change: 'added' | 'removed';
  /** The interface; `#7` where its name is not known. */
  readonly device: string;
  readonly address: string;
  /** Length of the network's prefix in bits. */
  readonly prefix: number;
  readonly family: 4 | 6;
}

/** A file system was mounted, unmounted, or its options changed. */
export interface MountEvent {
  readonly kind: 'mount';
  /** `changed`: made read-only or writable, or moved. */
  readonly change: 'added' | 'removed' | 'changed';
  /** Text for people, invalid UTF-8 replaced. */
  readonly mountpoint: string;
  readonly device: string;
  readonly fstype: string;
  readonly readOnly: boolean;
}

/** Tasks waited for a resource longer than a threshold allows within a window. */
export interface PressureEvent {
  readonly kind: 'pressure';
  readonly resource: PressureResource;
  /** `some`: at least one task waited; `full`: all did. */
  readonly stall: 'some' | 'full';
  /** Seconds of waiting that were asked about. */
  readonly threshold: number;
  /** Seconds within which they had to fall. */
  readonly window: number;
  /** The control group that was watched; null for the whole machine. */
  readonly cgroup: string | null;
  /** Seconds of waiting since boot, now. Null when it could not be read. */
  readonly total: number | null;
  readonly by: Learned;
}

/** How hard it is to get memory. */
export type MemoryPressureLevel = 'normal' | 'warning' | 'critical';

/** The level of memory pressure changed. */
export interface MemoryPressureEvent {
  readonly kind: 'memory-pressure';
  readonly level: MemoryPressureLevel;
  readonly previous: MemoryPressureLevel;
  /** Share of the last ten seconds in which some task waited for memory, 0 to 1. Null where the system only knows levels (macOS). */
  readonly some: number | null;
  /** Share in which all did. Null as above. */
  readonly full: number | null;
  readonly by: Learned;
}

/** The kernel killed a process to get memory. */
export interface OomKillEvent {
  readonly kind: 'oom-kill';
  /** The victim, as the first pid namespace counts; null where only a counter told. */
  readonly pid: number | null;
  /** The kernel's name of the victim, at most 15 bytes; null where only a counter told. */
  readonly name: string | null;
  /** Numeric user of the victim; null where only a counter told. */
  readonly uid: number | null;
  /** Bytes that it held in memory; null where only a counter told. */
  readonly rss: number | null;
  /** The control group whose limit was reached; null when memory of the whole machine ran out, or when it is not known. */
  readonly cgroup: string | null;
  /** How many were killed: more than 1 only where a counter told. */
  readonly count: number;
  /** `kmsg`: the kernel log. `cgroup`: memory.events of our own control group. `counter`: oom_kill of /proc/vmstat, looked at every ten seconds. */
  readonly by: 'kmsg' | 'cgroup' | 'counter';
}

/** A process that was asked about ended. */
export interface ProcessExitEvent {
  readonly kind: 'process-exit';
  readonly pid: number;
  /** The kernel's name of it, when it was first looked at. */
  readonly name: string;
  /** When it started, seconds since boot. With `pid` it names the process for ever. */
  readonly startedAfterBoot: number;
  /** The status that it ended with; null when a signal ended it, or when it is not known. */
  readonly status: number | null;
  /** Number of the signal that ended it; null when none did, or when it is not known. */
  readonly signal: number | null;
}

/** Any process started, became another program, or ended. */
export interface ProcessEvent {
  readonly kind: 'process';
  readonly change: 'started' | 'executed' | 'exited';
  readonly pid: number;
  /** The parent at a start; null otherwise. */
  readonly ppid: number | null;
  /** The kernel's name of it now; null when it was gone before it could be read. */
  readonly name: string | null;
  /** The status that it ended with; null unless it ended by itself. */
  readonly status: number | null;
  /** Number of the signal that ended it; null unless one did. */
  readonly signal: number | null;
}

/** A device came, went, or says that something about it is new. */
export interface DeviceEvent {
  readonly kind: 'device';
  readonly change: 'added' | 'removed' | 'changed';
  /** The kernel's subsystem: `block`, `net`, `usb`, `power_supply`, `drm`, `pci`, `nvme`, `cpu`, `memory`. */
  readonly subsystem: string;
  /** The kernel's name: `sda1`, `eth0`, `1-2`. */
  readonly name: string;
  /** Its directory below /sys. */
  readonly path: string;
  /** The kernel's own word for what happened: `add`, `remove`, `change`, `move`, `online`, `offline`. */
  readonly action: string;
}

/** The machine went from mains to battery, or back. */
export interface PowerSourceEvent {
  readonly kind: 'power-source';
  readonly source: 'ac' | 'battery';
  /** Null when there was no power supply before. */
  readonly previous: 'ac' | 'battery' | null;
}

/** How hard a Mac slows itself down to get cooler, from not at all to so hard that it goes to sleep. */
export type ThermalPressure = (typeof THERMAL_LEVELS)[number];

/** Something was slowed down to get cooler, or is no longer. */
export interface ThrottleEvent {
  readonly kind: 'throttle';
  readonly change: 'on' | 'off';
  /** What: `cpu3 core`, `cpu0 package`, a cooling device as `cooling_device0 Processor`, or the `thermal pressure` of a Mac. */
  readonly device: string;
  /** How far a cooling device is turned up, 0 to 1, or which of its steps the thermal pressure has; null for a processor, which only counts. */
  readonly share: number | null;
  /** The thermal pressure of a Mac, each change of which is an event; no other device has it. */
  readonly level?: ThermalPressure;
  readonly by: Learned;
}

/** The clock was set, or the machine slept. */
export interface ClockEvent {
  readonly kind: 'clock';
  readonly change: 'set' | 'resumed';
  /** Seconds that the clock was moved by (negative: back), or that the machine slept. */
  readonly seconds: number;
}

/** A kind that was asked for cannot be watched here, or no longer. It comes instead of an error; the rest goes on. */
export interface UnavailableEvent {
  readonly kind: 'unavailable';
  /** What cannot be watched. */
  readonly what: EventKind;
  readonly reason: GapReason;
  /** One sentence or the system's own message. */
  readonly detail: string;
}

/** Everything is open: what happens from now on is heard. Comes once, after the first {@link UnavailableEvent}s. */
export interface WatchingEvent {
  readonly kind: 'watching';
  readonly kinds: readonly EventKind[];
}

/** The kernel had more to say than fitted its queue. The state was read anew, and the differences came as events. */
export interface OverrunEvent {
  readonly kind: 'overrun';
  readonly what: EventKind;
}

/** Events were thrown away here, because nobody took them. */
export interface LostEvent {
  readonly kind: 'lost';
  readonly count: number;
}

/** What happened to the machine, without its time. */
export type Happening =
  | LinkEvent
  | AddressEvent
  | MountEvent
  | PressureEvent
  | MemoryPressureEvent
  | OomKillEvent
  | ProcessExitEvent
  | ProcessEvent
  | DeviceEvent
  | PowerSourceEvent
  | ThrottleEvent
  | ClockEvent;

/** What there is to say about the watch itself. */
export type WatchNote = UnavailableEvent | WatchingEvent | OverrunEvent | LostEvent;

/** Kinds that can be asked for. */
export type EventKind = Happening['kind'];

/** One event. `time` is when it was learned, seconds since the epoch. */
export type MachineEvent = (Happening | WatchNote) & { readonly time: number };
