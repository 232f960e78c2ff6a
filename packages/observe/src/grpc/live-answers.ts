import type { MessageInitShape } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import type { Alert, AlertChange } from '../alert/alerts.ts';
import { eventRow } from '../event/event-log.ts';
import type { LoggedEvent } from '../event/event-log.ts';
import type { Frame, Hub } from '../serve/hub.ts';
import { seriesValues } from '../serve/series.ts';
import type { AlertSchema, AlertsRequest, AlertsResponseSchema, EventSchema, EventsRequest } from './gen/hecate/v1/hecate_pb.ts';
import type { EventsResponseSchema, StreamResponseSchema } from './gen/hecate/v1/hecate_pb.ts';
import type { GrpcContext } from './grpc-options.ts';
import { known } from './number.ts';
import { slotOf } from './tick-streams.ts';
import type { TickWish } from './tick-streams.ts';

/** Events of one message. */
const PIECE = 100;
/** Changes that wait for a client that is slow: of more, the oldest are left out. */
const MOST_CHANGES = 300;

/** Waits for what others tell; something that was told while nobody waited counts. */
interface Bell {
  ring(): void;
  /** Resolves to true at the next ring, or at once when it rang since the last time. Rejects with the reason when the call is over. */
  heard(): Promise<true>;
}

function createBell(signal: AbortSignal): Bell {
  let rang = false;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    rang = true;
    wake?.();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async heard() {
      if (!rang && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      rang = false;
      if (signal.aborted) throw ConnectError.from(signal.reason, Code.Canceled);
      return true;
    },
  };
}

function eventMessage(logged: LoggedEvent): MessageInitShape<typeof EventSchema> {
  const { id: _id, time, kind, ...details } = eventRow(logged) as { id: number; time: number; kind: string };
  return { id: BigInt(logged.id), time, kind, details };
}

/** What happened; with `follow`, until the call is over. Who is slow gets all that the daemon still has. */
export async function* answerEvents(
  { events }: Pick<GrpcContext, 'events'>,
  { since, follow }: EventsRequest,
  signal: AbortSignal,
): AsyncGenerator<MessageInitShape<typeof EventsResponseSchema>> {
  const bell = createBell(signal);
  const unsubscribe = follow ? events?.subscribe(bell.ring) : undefined;
  try {
    let last = events && since <= BigInt(events.newest) ? Number(since) : 0;
    do {
      const found = events?.since(last) ?? [];
      last = found.at(-1)?.id ?? last;
      for (let at = 0; at < found.length; at += PIECE) yield { events: found.slice(at, at + PIECE).map(eventMessage) };
    } while (follow && (await bell.heard()));
  } finally {
    unsubscribe?.();
  }
}

function alertMessage(alert: Alert): MessageInitShape<typeof AlertSchema> {
  const { id, rule, unit, summary, since } = alert;
  return {
    ...{ id, rule, unit, summary, since },
    object: known(alert.object),
    severity: known(alert.severity),
    value: known(alert.value),
    advice: known(alert.advice),
    silencedUntil: known(alert.silencedUntil),
  };
}

/** What is wrong; with `follow`, what changes until the call is over. */
export async function* answerAlerts(
  { alerts }: Pick<GrpcContext, 'alerts'>,
  { all, follow }: AlertsRequest,
  signal: AbortSignal,
): AsyncGenerator<MessageInitShape<typeof AlertsResponseSchema>> {
  const bell = createBell(signal);
  const waiting: AlertChange[] = [];
  const unsubscribe = follow
    ? alerts?.subscribe((change) => {
        waiting.push(change);
        if (waiting.length > MOST_CHANGES) waiting.shift();
        bell.ring();
      })
    : undefined;
  try {
    const list = (all ? alerts?.all() : alerts?.active()) ?? [];
    yield { part: { case: 'list', value: { alerts: list.map(alertMessage) } } };
    while (follow && (await bell.heard())) {
      for (let change = waiting.shift(); change; change = waiting.shift()) {
        const { time, previous, alert } = change;
        yield { part: { case: 'change', value: { time, previous: known(previous), alert: alertMessage(alert) } } };
      }
    }
  } finally {
    unsubscribe?.();
  }
}

/** Ticks for clients that do not speak gRPC itself (Connect, gRPC-Web): a message is made for each of them. */
export async function* answerTicks(
  hub: Hub,
  { series, every }: TickWish,
  signal: AbortSignal,
): AsyncGenerator<MessageInitShape<typeof StreamResponseSchema>> {
  const bell = createBell(signal);
  const unsubscribe = hub.subscribe(bell.ring);
  const wanted = series && new Set(series);
  try {
    let slot = Number.NEGATIVE_INFINITY;
    let last: Frame | null = null;
    do {
      const frame = hub.latest;
      // Who was slow has got it already when the bell rings for it.
      if (frame === last) continue;
      last = frame;
      const now = frame ? slotOf(frame.snapshot.time, every, hub.interval) : slot;
      if (!frame || now === slot) continue;
      slot = now;
      hub.look();
      const values: Record<string, number> = {};
      for (const { id, value } of seriesValues(frame.row, frame.rates, frame.snapshot)) {
        if (value !== null && (wanted?.has(id) ?? true)) values[id] = value;
      }
      yield { time: frame.snapshot.time, series: values };
    } while (await bell.heard());
  } finally {
    unsubscribe();
  }
}
