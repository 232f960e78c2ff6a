import type { Alert, AlertChange } from '../../src/alert/alerts.ts';
import { fetchOffered, postJson } from './api.ts';
import type { AlertHistory, AlertList } from './api.ts';
import { createCell } from './observable.ts';
import type { Cell } from './observable.ts';

/** Changes that are kept and asked for. */
const CHANGES = 200;

/** What is wrong with the machine, and what was. */
export interface AlertBoard {
  /** What is wrong now, the worst first; null where the server judges nothing. */
  readonly active: Cell<readonly Alert[] | null>;
  /** Changes of severity, newest first. */
  readonly changes: Cell<readonly AlertChange[]>;
  /** Asks for all of it anew. */
  load(): void;
  /** Asks for the values of what is wrong, which change without a word; nothing when all is well. */
  refresh(): void;
  /** Takes a change from the stream. */
  receive(change: AlertChange): void;
  /** Tells nobody about an alert until then (seconds since the epoch); null ends it. Rejects with the server's sentence. */
  silence(id: string, until: number | null): Promise<void>;
}

const RANKS = { critical: 0, warning: 1 } as const;

/** The worst first, of equal ones the newest. */
function inOrder(alerts: readonly Alert[]): Alert[] {
  return alerts
    .filter(({ severity }) => severity !== null)
    .sort((a, b) => RANKS[a.severity!] - RANKS[b.severity!] || b.since - a.since || a.id.localeCompare(b.id));
}

/** A board that is empty until it is loaded. */
export function createAlertBoard(onError: (error: unknown) => void): AlertBoard {
  const active = createCell<readonly Alert[] | null>(null);
  const changes = createCell<readonly AlertChange[]>([]);
  let received = 0;
  const loadActive = async (): Promise<void> => {
    const before = received;
    const now = await fetchOffered<AlertList>('api/v1/alerts');
    // The answer may be older than what the stream has told meanwhile.
    if (received !== before) return loadActive();
    return active.set(now === null ? null : inOrder(now.alerts));
  };
  const loadAll = async (): Promise<void> => {
    await loadActive();
    if (active.get() === null) return;
    const past = await fetchOffered<AlertHistory>(`api/v1/alerts/history?limit=${CHANGES}`);
    changes.set(past?.changes ?? []);
  };
  return {
    active,
    changes,
    load: () => void loadAll().catch(onError),
    refresh() {
      if (active.get()?.length) void loadActive().catch(onError);
    },
    receive(change) {
      received++;
      const { id } = change.alert;
      active.set(inOrder([...(active.get() ?? []).filter((alert) => alert.id !== id), change.alert]));
      const known = changes.get().some(({ time, alert }) => time === change.time && alert.id === id);
      if (!known) changes.set([change, ...changes.get()].slice(0, CHANGES));
    },
    async silence(id, until) {
      await postJson('api/v1/alerts/silence', { id, until });
      await loadActive();
    },
  };
}
