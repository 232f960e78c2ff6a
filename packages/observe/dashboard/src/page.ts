import { createAlertBoard } from './alert-board.ts';
import type { AlertBoard } from './alert-board.ts';
import { fetchJson, fetchOffered } from './api.ts';
import type { AccessFacts, HealthFacts, HostFacts, ProcessFrame, ServerFrame, SnapshotFacts, TuningFacts } from './api.ts';
import { connect } from './connection.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { createEventFeed } from './event-feed.ts';
import type { EventFeed } from './event-feed.ts';
import { createHistory, stepFor } from './history.ts';
import type { History } from './history.ts';
import { createCell } from './observable.ts';
import type { Cell } from './observable.ts';
import { createPastMoment } from './past-moment.ts';
import type { PastMoment } from './past-moment.ts';
import { createRedraws } from './redraw.ts';
import type { Redraws } from './redraw.ts';
import { createSeriesStore } from './series-store.ts';
import type { SeriesStore } from './series-store.ts';
import { startTheme } from './theme.ts';
import type { Theme } from './theme.ts';
import { liveWindow, visibleInterval } from './time-window.ts';
import type { Interval, TimeWindow } from './time-window.ts';

/** Rows that the page holds: more than two hours at one a second. */
const CAPACITY = 8192;
/** Seconds that the live window is long at first. */
export const FIRST_SPAN = 300;
/** Milliseconds between two snapshots: tables of what changes slowly. */
const SNAPSHOT_EVERY = 10_000;
/** Seconds of a hole in the stream that are fetched: what the store holds. */
const LONGEST_MEND = 7200;
/** Milliseconds that a tick waits for the processes of the same moment: one frame for both costs half. */
const TOGETHER = 120;

/** Everything that the parts of the page share. Data flows one way: the stream to cells and store, these to what is drawn. */
export interface Page {
  readonly store: SeriesStore;
  readonly history: History;
  readonly redraws: Redraws;
  readonly theme: Theme;
  readonly connection: Connection;
  readonly state: Cell<ConnectionState>;
  readonly window: Cell<TimeWindow>;
  readonly host: Cell<HostFacts | null>;
  readonly version: Cell<string | null>;
  readonly recording: Cell<boolean>;
  /** Seconds between two ticks. */
  readonly interval: Cell<number>;
  /** Time of the sample shown in tiles: the newest, the one at which the page was paused, or the chosen moment. */
  readonly tick: Cell<number>;
  /** Changes when series are added. */
  readonly seriesVersion: Cell<number>;
  readonly snapshot: Cell<SnapshotFacts | null>;
  readonly processes: Cell<ProcessFrame | null>;
  /** Why the past could not be fetched; null when it could. */
  readonly historyError: Cell<string | null>;
  /** The moment of the past that is shown instead of now. */
  readonly moment: PastMoment;
  readonly alerts: AlertBoard;
  readonly events: EventFeed;
  /** Whether this reader may change something, as silence alerts. */
  readonly canAct: Cell<boolean>;
  /** Whether this reader may send signals to processes. */
  readonly canActOnProcesses: Cell<boolean>;
  /** What was done to the machine; null where the server does not say. */
  readonly tuning: Cell<TuningFacts | null>;
  /** The value that tiles and tables show: of the newest tick, or of the chosen moment. Null when unknown. */
  value(id: string): number | null;
  /** The rows that tiles draw. */
  shownStore(): SeriesStore;
  /** Seconds since the epoch of the newest sample, or the browser's clock before the first. */
  now(): number;
  /** The stretch of time that charts show. */
  visible(): Interval;
  /** Says whether someone looks at the table of processes. */
  watchProcesses(watched: boolean): void;
}

/** Starts the page: connects, fills the store, and keeps asking for snapshots while someone looks. */
export function startPage(): Page {
  const store = createSeriesStore(CAPACITY);
  const redraws = createRedraws();
  const window = createCell(liveWindow(FIRST_SPAN));
  const host = createCell<HostFacts | null>(null);
  const version = createCell<string | null>(null);
  const recording = createCell(false);
  const interval = createCell(1);
  const tick = createCell(0);
  const seriesVersion = createCell(0);
  const snapshot = createCell<SnapshotFacts | null>(null);
  const processes = createCell<ProcessFrame | null>(null);
  const historyError = createCell<string | null>(null);
  const state = createCell<ConnectionState>({ status: 'connecting', since: Date.now() });
  let watched = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const history = createHistory(
    store,
    () => {
      seriesVersion.set(store.version);
      redraws.request(true);
    },
    historyError.set,
  );
  const now = (): number => store.last() ?? Date.now() / 1000;
  const visible = (): Interval => visibleInterval(window.get(), now());

  const moment = createPastMoment({
    window,
    processes,
    now,
    visible,
    spacing: () => Math.max(interval.get(), stepFor(visible().to - visible().from)),
  });
  const note = (error: unknown): void => console.info('The server could not be asked:', error);
  const alerts = createAlertBoard(note);
  const events = createEventFeed(note);
  const canAct = createCell(false);
  const canActOnProcesses = createCell(false);
  const tuning = createCell<TuningFacts | null>(null);

  const shownStore = (): SeriesStore => (moment.at.get() === null ? store : history.storeFor(visible()));

  const showTick = (forced: boolean): void => {
    const at = moment.at.get();
    if (at !== null) tick.set(at);
    else if (!window.get().paused) tick.set(now());
    history.advance();
    seriesVersion.set(store.version);
    redraws.request(forced);
  };
  moment.at.subscribe(() => showTick(true));
  for (const cell of [alerts.changes, events.list, events.past]) cell.subscribe(() => redraws.request(true));

  /** What does not come by the stream, at each new connection: another server may answer now. */
  const ask = async (): Promise<void> => {
    alerts.load();
    events.load();
    const access = await fetchOffered<AccessFacts>('api/v1/access');
    canAct.set(access?.scopes.includes('act') ?? false);
    canActOnProcesses.set(canAct.get() && access?.processes !== false);
    tuning.set(await fetchOffered<TuningFacts>('api/v1/tuning'));
  };
  const subscribe = (): void => connection.send({ type: 'subscribe', processes: watched && !document.hidden, events: true, alerts: true });

  const receive = (frame: ServerFrame): void => {
    if (frame.type === 'tick') {
      if (frame.meta) store.describe(frame.meta);
      if (!store.append(frame.time, frame.values, interval.get())) return;
      clearTimeout(waiting);
      if (watched) waiting = setTimeout(() => showTick(false), TOGETHER);
      else showTick(false);
    } else if (frame.type === 'processes') {
      if (!window.get().paused && moment.at.get() === null) processes.set(frame);
      clearTimeout(waiting);
      showTick(false);
    } else if (frame.type === 'backfill') {
      const before = store.last();
      const first = frame.time[0];
      store.merge(frame);
      if (before !== null && first !== undefined && first - before > 3 * frame.step)
        history.mend(Math.max(before, first - LONGEST_MEND), first);
      showTick(true);
      history.want(visible(), window.get().fixed === null);
    } else if (frame.type === 'event') {
      events.receive(frame);
    } else if (frame.type === 'alert') {
      alerts.receive(frame);
    } else if (frame.type === 'hello') {
      version.set(frame.version);
      interval.set(frame.interval);
      recording.set(frame.recording);
      if (frame.host) host.set(frame.host);
      subscribe();
      ask().catch(note);
      poll();
    }
  };

  const url = new URL('api/v1/stream', document.baseURI);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const connection = connect({ url: url.href, onFrame: receive, onState: state.set });

  let polling: ReturnType<typeof setTimeout> | undefined;
  let asking: AbortController | null = null;
  const poll = (): void => {
    clearTimeout(polling);
    polling = setTimeout(poll, SNAPSHOT_EVERY);
    if (document.hidden || state.get().status !== 'live' || window.get().paused) return;
    alerts.refresh();
    asking?.abort();
    const control = new AbortController();
    asking = control;
    Promise.all([fetchJson<SnapshotFacts>('api/v1/snapshot', control.signal), fetchJson<HealthFacts>('healthz', control.signal)]).then(
      ([facts, health]) => {
        snapshot.set(facts);
        recording.set(health.recording);
        if (facts.host) host.set(facts.host);
      },
      (error: unknown) => {
        if (!control.signal.aborted) note(error);
      },
    );
  };
  poll();

  document.addEventListener('visibilitychange', () => {
    subscribe();
    if (document.hidden) return;
    connection.retryNow();
    poll();
    redraws.request(true);
  });
  globalThis.addEventListener('online', () => connection.retryNow());

  const theme = startTheme();
  window.subscribe(() => {
    history.want(visible(), window.get().fixed === null);
    events.want(visible());
    showTick(true);
  });
  theme.palette.subscribe(() => redraws.request(true));

  return {
    store,
    history,
    redraws,
    theme,
    connection,
    state,
    window,
    host,
    version,
    recording,
    interval,
    tick,
    seriesVersion,
    snapshot,
    processes,
    historyError,
    moment,
    alerts,
    events,
    canAct,
    canActOnProcesses,
    tuning,
    value: (id) => shownStore().at(id, tick.get()),
    shownStore,
    now,
    visible,
    watchProcesses(want) {
      if (want === watched) return;
      watched = want;
      subscribe();
    },
  };
}
