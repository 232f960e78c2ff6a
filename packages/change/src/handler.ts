import type { HecateError, WritableHost } from '@hecate/host';
import type { Action, ActionKind, Json } from './action.ts';

/** Which device a path belongs to, so that after a reboot or a hot plug no other one is written to in its place. */
export interface DeviceIdentity {
  readonly kind: 'block' | 'net' | 'pci' | 'usb';
  /** What stays with the hardware: a WWID, a serial number, a permanent MAC address. */
  readonly id: string;
  /** What the kernel called it then: `sda`. */
  readonly name: string;
}

/**
 * How one kind of action is done and undone. All methods but `apply` and `restore` only read. States are plain data that
 * JSON can hold; two states are the same when their JSON is the same, so a handler brings them into one form (no brackets, one space).
 */
export interface ActionHandler<A extends Action = Action> {
  readonly kind: A['kind'];
  /** Whether it outlives a reboot: files do, sysctls do not. What does not is not restored on another boot. */
  readonly persists: boolean;
  /** Makes an action of anything that a file says. Throws INVALID with a sentence: a missing property, a wrong type, a path that escapes. */
  parse(raw: Readonly<Record<string, unknown>>): A;
  /** What it changes, where another kind changes the same things: what lies at a path is a file or a link. Default: the kind. */
  readonly things?: string;
  /**
   * The thing that is changed: `vm.swappiness`, `/sys/block/sda/queue/scheduler`. With the kind it is what a transaction owns.
   * Things that exclude one another are one target (`vm.dirty_ratio, vm.dirty_bytes`), and their state holds both.
   */
  target(action: A): string;
  /** What it does, for people, without the value: `vm.swappiness`, `scheduler of sda`. */
  describe(action: A): string;
  /** What writing it does beside, for the plan; null for nothing. */
  sideEffect?(action: A): string | null;
  /** The device behind it; null when there is none, or it cannot be told apart. */
  device?(host: WritableHost, action: A): DeviceIdentity | null;
  /** How it is now. Throws a HecateError: UNAVAILABLE where this machine has no such thing, DENIED, UNSUPPORTED. */
  current(host: WritableHost, action: A): Promise<Json> | Json;
  /** The state that the action leads to from `was`, in the form of `current`. Throws INVALID when the machine does not offer the value. */
  wanted(action: A, was: Json, host: WritableHost): Promise<Json> | Json;
  /** Looks, without writing, whether it can be written: throws DENIED or UNSUPPORTED with a sentence. */
  check(host: WritableHost, action: A, was: Json): Promise<void> | void;
  /** Does it. `was` is what `current` said before, and is on disk. */
  apply(host: WritableHost, action: A, was: Json): Promise<void> | void;
  /** Brings `was` back. It must succeed when only part of `apply` was done, and when nothing was. */
  restore(host: WritableHost, action: A, was: Json): Promise<void> | void;
  /** Removes what an `apply` that was cut short may have left beside its target: temporary files. */
  tidy?(host: WritableHost, action: A): void;
  /**
   * Whether what is there now came from us, wholly or in part: only that is restored. Default: the state is the wanted one, or it was
   * being written when the process was killed. Where `apply` happens at once (a file moved into place), say so with this: then no third
   * state is ours. `was` and `wanted` are those of the journal.
   */
  isOurs?(now: Json, wanted: Json, was: Json): boolean;
  /**
   * Whether a state counts as the wanted one although it is another: hardware rounds, and what is adjusted after its change moves.
   * Default: it is the same.
   */
  isWanted?(now: Json, wanted: Json): boolean;
  /**
   * Gives what is held already another value, again and again: nothing of that is in the journal, so `isOurs` must know each value.
   * Throws CONFLICT when it is not held any more. Default: it cannot be done.
   */
  adjust?(host: WritableHost, action: A): Promise<void> | void;
  /**
   * Whether a restore did all it can, although the state is not `was`: a directory that we made stays when others put files into it.
   * Default: the state is `was`.
   */
  isRestored?(now: Json, was: Json): boolean;
}

/** Handlers by kind. A kind without one cannot be planned. */
export type Handlers = ReadonlyMap<ActionKind, ActionHandler>;

/** Why a change cannot be made, for a plan. */
export interface Obstacle {
  readonly code: HecateError['code'];
  readonly sentence: string;
}
