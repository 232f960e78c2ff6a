import type { AlertChange, Alerts } from '../../alert/alerts.ts';
import type { EventLog, LoggedEvent } from '../../event/event-log.ts';
import type { Frame, Hub } from '../hub.ts';
import { createTurn, joinPieces } from '../pieces.ts';
import type { Turn } from '../pieces.ts';
import { encodeProcesses } from '../process-list.ts';
import type { Listener, Protocol } from './listener.ts';
import { createDelivery } from './place.ts';
import type { Group, Place } from './place.ts';
import type { Subscription } from './subscription.ts';

/** What an audience is told. */
export interface AudienceOptions {
  readonly hub: Hub;
  readonly events?: EventLog;
  readonly alerts?: Alerts;
  readonly onError: (error: unknown) => void;
}

/** One client among the others. */
export interface Member {
  /** Takes the place of what it wanted until now. */
  subscribe(subscription: Subscription): void;
  /** Whatever it must be told first is out: from now on it gets what it wants, the newest tick at once if `frame` is not that. */
  begin(frame: Frame | null): void;
  leave(): void;
}

/** All clients of the stream, whatever they speak. */
export interface Audience {
  readonly size: number;
  /** Adds a client. `since`: the event after which it wants events; null: from now on. */
  join(listener: Listener, subscription: Subscription, since?: number | null): Member;
  /** Names an event for who comes back; the daemon that is started next counts anew, so its time is part of it. */
  markOf(id: number): string;
  /** The event that a mark names; 0, all that is kept, for the mark of another daemon or none. */
  idOf(mark: string): number;
}

/** Tells every tick, event and alert to all clients: encoded once, only while somebody listens, and never faster than a client reads. */
export function createAudience({ hub, events, alerts, onError }: AudienceOptions): Audience {
  const groups = new Map<string, Group>();
  const protocols = new Map<Protocol, number>();
  const epoch = Math.floor(Date.now() / 1000).toString(36);
  let size = 0;
  let leaveSources: (() => void)[] = [];
  let next: Frame | null = null;
  let sending = false;

  const markOf = (id: number): string => `${epoch}-${id}`;

  const delivery = createDelivery({ hub, ...(events ? { events } : {}), ...(alerts ? { alerts } : {}), markOf });
  const { late, catchUp } = delivery;

  // Half an interval earlier is the same moment: ticks do not lie on whole seconds to the microsecond.
  const slotOf = (frame: Frame, every: number): number => Math.floor((frame.snapshot.time + hub.interval / 2) / every);

  const isDue = (group: Group, frame: Frame): boolean => {
    const { series, every, processes } = group.subscription;
    if (series?.length === 0 && !processes) return false;
    if (every <= hub.interval) return true;
    const slot = slotOf(frame, every);
    const isNew = slot !== group.slot;
    group.slot = slot;
    return isNew;
  };

  const sendTicks = async (frame: Frame, due: readonly Group[], turn: Turn): Promise<void> => {
    for (const group of due) {
      if (group.subscription.series?.length === 0) continue;
      for (const place of group.places) {
        delivery.tick(place, frame);
        if (turn.isOver()) await turn.next();
      }
    }
  };

  const sendTables = async (frame: Frame, watching: readonly Group[], turn: Turn): Promise<void> => {
    if (watching.length === 0) return;
    hub.look('processes');
    if (!frame.snapshot.processes) return;
    const table = await joinPieces(encodeProcesses(frame, {}, 'processes'));
    const made = new Map<Protocol, Buffer>();
    for (const { protocol, places } of watching) {
      const bytes = made.get(protocol) ?? protocol.wrap('processes', table, null);
      made.set(protocol, bytes);
      for (const place of places) {
        delivery.table(place, bytes);
        if (turn.isOver()) await turn.next();
      }
    }
  };

  const broadcast = async (): Promise<void> => {
    sending = true;
    try {
      for (let frame = next; frame !== null; frame = next) {
        next = null;
        const turn = createTurn();
        hub.look();
        const sample = frame;
        const due = [...groups.values()].filter((group) => isDue(group, sample));
        await sendTicks(frame, due, turn);
        const watching = due.filter(({ subscription }) => subscription.processes);
        await sendTables(frame, watching, turn);
        for (const place of late) catchUp(place);
      }
    } finally {
      sending = false;
    }
  };

  const hear = (): void => {
    leaveSources = [
      hub.subscribe((frame) => {
        // While one is being sent a newer one waits, and takes the place of one that waited.
        next = frame;
        if (!sending) broadcast().catch(onError);
      }),
    ];
    const told = (wants: (subscription: Subscription) => boolean, tell: (place: Place) => void): void => {
      for (const { subscription, places } of groups.values()) {
        if (!wants(subscription)) continue;
        for (const place of places) tell(place);
      }
    };
    const onEvent = (logged: LoggedEvent): void =>
      told(
        (subscription) => subscription.events,
        (place) => delivery.event(place, logged),
      );
    const onAlert = (change: AlertChange): void =>
      told(
        (subscription) => subscription.alerts,
        (place) => delivery.alert(place, change),
      );
    if (events) leaveSources.push(events.subscribe(onEvent));
    if (alerts) leaveSources.push(alerts.subscribe(onAlert));
  };

  const groupOf = (protocol: Protocol, subscription: Subscription): Group => {
    if (!protocols.has(protocol)) protocols.set(protocol, protocols.size);
    const key = JSON.stringify([protocols.get(protocol), subscription]);
    let group = groups.get(key);
    if (!group) {
      // Who comes gets the newest tick at once: the next one is due when the next stretch begins.
      const slot = hub.latest ? slotOf(hub.latest, subscription.every) : -1;
      groups.set(key, (group = { key, protocol, subscription, places: new Set(), slot, ticks: new Map(), frame: null }));
    }
    return group;
  };
  const removeFrom = (group: Group, place: Place): void => {
    group.places.delete(place);
    if (group.places.size === 0) groups.delete(group.key);
  };

  return {
    get size() {
      return size;
    },
    markOf,
    idOf: (mark) => {
      const [, id] = mark.startsWith(`${epoch}-`) ? (/-(\d{1,15})$/.exec(mark) ?? []) : [];
      return id === undefined ? 0 : Number(id);
    },
    join(listener, subscription, since = null) {
      const place: Place = {
        listener,
        group: groupOf(listener.protocol, subscription),
        known: 0,
        ready: false,
        owesTick: false,
        newest: null,
        table: null,
        eventsFrom: subscription.events ? since : null,
        missedAlerts: 0,
        sent: () => catchUp(place),
      };
      place.group.places.add(place);
      if (place.eventsFrom !== null) late.add(place);
      if (size++ === 0) hear();
      let left = false;

      return {
        subscribe(wanted) {
          if (left) return;
          const before = place.group;
          removeFrom(before, place);
          place.group = groupOf(listener.protocol, wanted);
          place.group.places.add(place);
          // What it knows it knows of the series that it wanted.
          if (JSON.stringify(before.subscription.series) !== JSON.stringify(wanted.series)) place.known = 0;
          if (!wanted.events) place.eventsFrom = null;
          if (!wanted.alerts) place.missedAlerts = 0;
          if (!wanted.processes) place.table = null;
          else if (hub.latest && !before.subscription.processes) sendFirstTable(place, hub.latest);
        },
        begin(frame) {
          if (left) return;
          place.ready = true;
          place.newest ??= frame;
          const { series } = place.group.subscription;
          if (hub.latest && hub.latest !== frame && series?.length !== 0) {
            place.owesTick = true;
            late.add(place);
          }
          catchUp(place);
          if (hub.latest && place.group.subscription.processes) sendFirstTable(place, hub.latest);
        },
        leave() {
          if (left) return;
          left = true;
          place.ready = false;
          removeFrom(place.group, place);
          late.delete(place);
          if (--size > 0) return;
          for (const leave of leaveSources) leave();
          leaveSources = [];
          next = null;
        },
      };
    },
  };

  /** Who has just asked for the processes does not wait for the next tick. */
  function sendFirstTable(place: Place, frame: Frame): void {
    hub.look('processes');
    if (!frame.snapshot.processes) return;
    const send = (table: string): void => {
      if (!place.group.subscription.processes || !place.group.places.has(place)) return;
      delivery.table(place, place.listener.protocol.wrap('processes', table, null));
    };
    joinPieces(encodeProcesses(frame, {}, 'processes')).then(send, onError);
  }
}
