import { fetchJson } from './api.ts';
import type { HealthFacts, HostFacts, ProcessFrame, ServerFrame, SnapshotFacts } from './api.ts';
import { connect } from './connection.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { createHistory } from './history.ts';
import type { History } from './history.ts';
import { createCell } from './observable.ts';
import type { Cell } from './observable.ts';
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
const FIRST_SPAN = 300;
/** Milliseconds between two snapshots: tables of what changes slowly. */
const SNAPSHOT_EVERY = 10_000;
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
  /** Time of the newest sample shown in tiles; stands still while paused. */
  readonly tick: Cell<number>;
  /** Changes when series are added. */
  readonly seriesVersion: Cell<number>;
  readonly snapshot: Cell<SnapshotFacts | null>;
  readonly processes: Cell<ProcessFrame | null>;
  /** Why the past could not be fetched; null when it could. */
  readonly historyError: Cell<string | null>;
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

  const showTick = (forced: boolean): void => {
    if (!window.get().paused) tick.set(now());
    seriesVersion.set(store.version);
    redraws.request(forced);
  };

  const receive = (frame: ServerFrame): void => {
    if (frame.type === 'tick') {
      if (frame.meta) store.describe(frame.meta);
      if (!store.append(frame.time, frame.values, interval.get())) return;
      clearTimeout(waiting);
      if (watched) waiting = setTimeout(() => showTick(false), TOGETHER);
      else showTick(false);
    } else if (frame.type === 'processes') {
      if (!window.get().paused) processes.set(frame);
      clearTimeout(waiting);
      showTick(false);
    } else if (frame.type === 'backfill') {
      store.merge(frame);
      showTick(true);
      history.want(visible(), window.get().fixed === null);
    } else {
      version.set(frame.version);
      interval.set(frame.interval);
      recording.set(frame.recording);
      if (frame.host) host.set(frame.host);
      connection.send({ type: 'subscribe', processes: watched && !document.hidden });
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
        if (!control.signal.aborted) console.info('The snapshot could not be fetched:', error);
      },
    );
  };
  poll();

  document.addEventListener('visibilitychange', () => {
    connection.send({ type: 'subscribe', processes: watched && !document.hidden });
    if (document.hidden) return;
    connection.retryNow();
    poll();
    redraws.request(true);
  });
  globalThis.addEventListener('online', () => connection.retryNow());

  const theme = startTheme();
  window.subscribe(() => {
    history.want(visible(), window.get().fixed === null);
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
    now,
    visible,
    watchProcesses(want) {
      if (want === watched) return;
      watched = want;
      connection.send({ type: 'subscribe', processes: want });
    },
  };
}
