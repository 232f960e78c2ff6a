import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { buildPage, openBrowser, openPage, untilLive } from './browser.testing.ts';
import type { Watched } from './browser.testing.ts';
import { startRecordedServer } from './recorded-server.testing.ts';
import type { RecordedServer, RecordedServerOptions } from './recorded-server.testing.ts';

/** Pages on invented machines, one a test. After each test they must have had nothing to complain about. */
export interface Visits {
  /** Path of the built page. */
  readonly built: string;
  /** The server behind the page that was opened last. */
  readonly server: RecordedServer;
  /** Opens a page on a machine that ticks only when told. With `offline` failing connections are no complaint. */
  visit(options?: Partial<RecordedServerOptions>, context?: BrowserContextOptions, offline?: boolean): Promise<Page>;
  /** Another server in the place of the last one. */
  restart(options?: Partial<RecordedServerOptions>): Promise<void>;
}

/** Builds the page and starts a browser for the tests of a file. */
export function prepareVisits(): Visits {
  const built = buildPage();
  let browser: Browser;
  let server: RecordedServer;
  let open: Watched | undefined;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    built.remove();
  });
  beforeEach(() => {
    open = undefined;
  });
  afterEach(async () => {
    await open?.close();
    await server.stop();
    expect(open?.complaints).toEqual([]);
  });
  return {
    built: built.path,
    get server() {
      return server;
    },
    async visit(options = {}, context = {}, offline = false) {
      server = await startRecordedServer({ every: 0, page: built.path, ...options });
      open = await openPage(browser, server.url, context, offline);
      await untilLive(open.page);
      return open.page;
    },
    async restart(options = {}) {
      const { port } = server;
      await server.stop();
      server = await startRecordedServer({ every: 0, page: built.path, port, ...options });
    },
  };
}
