import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '@hecate/host';
import { createHub, serve } from '@hecate/observe';
import type { Hub, ServeOptions } from '@hecate/observe';
import { expect } from 'vitest';
import { buildPage } from './browser.testing.ts';

/** A machine that is sampled four times a second and served by the daemon's own server, with the page as it is built now. */
export interface ServedMachine {
  readonly hub: Hub;
  readonly url: string;
  /** Ends it, removes its folder, and fails when anything went wrong meanwhile. */
  close(): Promise<void>;
}

/** Serves a machine. Tokens lie in `folder`, which is ours from now on. */
export async function serveMachine(
  host: Host,
  folder: string,
  more: Pick<ServeOptions, 'platform'> & Partial<ServeOptions>,
): Promise<ServedMachine> {
  const stop = new AbortController();
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const built = buildPage();
  const hub = createHub({ host, interval: 0.25, onError });
  const running = hub.run(stop.signal);
  const serving = await serve({
    hub,
    version: '0.1.0',
    startedAt: performance.now() / 1000,
    recording: () => false,
    port: 0,
    tokenFile: join(folder, 'token'),
    actTokenFile: join(folder, 'act-token'),
    dashboard: built.path,
    onError,
    ...more,
  });
  return {
    hub,
    url: serving.url,
    async close() {
      stop.abort();
      await running;
      await serving.close();
      built.remove();
      rmSync(folder, { recursive: true, force: true });
      expect(errors).toEqual([]);
    },
  };
}
