import type { AlertChange, Alerts } from '../alert/alerts.ts';
import { createEventRing } from '../event/event-log.ts';
import type { EventRing } from '../event/event-log.ts';
import { createHandHub } from '../serve/stream/listening.testing.ts';
import type { Grpc, GrpcOptions } from './grpc-options.ts';
import { openForeignClient } from './interop.testing.ts';
import type { ForeignClient } from './interop.testing.ts';
import { startGrpc } from './start-grpc.ts';

/** A server whose ticks, events and alerts are made by hand. */
export interface HandServer {
  readonly server: Grpc;
  readonly hand: ReturnType<typeof createHandHub>;
  readonly events: EventRing;
  /** Tells that an alert changed. */
  tellAlert(change: AlertChange): void;
  /** What went wrong inside the server. */
  readonly errors: unknown[];
  /** A foreign client; it is closed with the server. */
  client(): ForeignClient;
  close(): Promise<void>;
}

/** Starts one on a free port of 127.0.0.1. */
export async function startHandServer(changes: Partial<GrpcOptions> = {}): Promise<HandServer> {
  const hand = createHandHub();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const events = createEventRing(1000, onError);
  const told = new Set<(change: AlertChange) => void>();
  const alerts: Alerts = {
    active: () => [],
    all: () => [],
    history: () => [],
    silence: () => undefined,
    subscribe(listener) {
      told.add(listener);
      return () => told.delete(listener);
    },
  };
  const server = await startGrpc({
    ...{ hub: hand.hub, events, alerts, platform: 'linux', address: '127.0.0.1', port: 0, names: [], tokenToRead: false },
    ...{ tokenFile: '/nonexistent/token', actTokenFile: '/nonexistent/act', tls: null, connections: 64, streamClients: 500 },
    ...{ onError, warn: onError },
    ...changes,
  });
  const clients: ForeignClient[] = [];
  return {
    server,
    hand,
    events,
    tellAlert: (change) => told.forEach((tell) => tell(change)),
    errors,
    client() {
      const client = openForeignClient(server.url);
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.close();
      await server.close();
    },
  };
}

/** Waits until something is so. Fails after twenty seconds. */
export async function until(isSo: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`It did not come to pass: ${what}.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
