import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Where distributions put Chromium. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine; undefined when it has none. */
export const CHROMIUM: string | undefined = PLACES.find((path) => existsSync(path));
if (CHROMIUM === undefined) {
  console.warn(`The dashboard's browser tests are SKIPPED: none of ${PLACES.join(', ')} exists. To run them: apt-get install chromium`);
}

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser with a profile of its own. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM!, args: ARGUMENTS });
}

/** Builds the page into a folder of its own; `remove` deletes it. */
export function buildPage(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'hecate-dashboard-'));
  const path = join(folder, 'dashboard.html');
  execFileSync(process.execPath, [fileURLToPath(new URL('../build.mjs', import.meta.url)), path]);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** An open page, and everything that it should not have done. */
export interface Watched {
  readonly page: Page;
  /** Requests to other places, errors, warnings and violations of the content policy. */
  readonly complaints: string[];
  /** Adds the violations that the page itself has seen, and closes it. */
  close(): Promise<void>;
}

/** Errors that belong to a test that takes the server away, or in which it refuses: the browser itself tells of them. */
const OFFLINE =
  /WebSocket connection to|net::ERR_CONNECTION_REFUSED|net::ERR_EMPTY_RESPONSE|could not be fetched|responded with a status of (404|409|503)/;

/** Opens `url` and watches it. With `offline` failing connections are no complaint. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}, offline = false): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const complain = (text: string): void => {
    if (!(offline && OFFLINE.test(text))) complaints.push(text);
  };
  const home = new URL(url).host;
  page.on('request', (request) => {
    const target = new URL(request.url());
    if (target.host !== home && !['data:', 'blob:'].includes(target.protocol)) complain(`request to ${request.url()}`);
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== home) complain(`socket to ${socket.url()}`);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complain(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complain(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    complain(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { violations: seen });
    document.addEventListener('securitypolicyviolation', (event) => seen.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  await page.goto(url);
  return {
    page,
    complaints,
    async close() {
      complaints.push(...(await page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations)));
      await context.close();
    },
  };
}

/** Asserts on a value that the page is still to reach. The limit is only for pages that never do. */
export function eventually<Value>(value: () => Value | Promise<Value>, message = ''): ReturnType<typeof expect.poll<Value>> {
  return expect.poll(value, { timeout: 20_000, interval: 30, ...(message ? { message } : {}) });
}

/** Waits until the page shows live data. */
export async function untilLive(page: Page): Promise<void> {
  await page.locator('[data-connection="live"]').waitFor();
  await page.locator('[data-chart="cpu"] canvas').waitFor();
}

/** How many different colours a canvas holds: a blank one holds one. */
export function colorsOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const drawn = element as HTMLCanvasElement;
    const { data } = drawn.getContext('2d')!.getImageData(0, 0, drawn.width, drawn.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

/** What the tooltip says when the pointer is at `share` (0 to 1) of a chart's width. */
export async function tooltipAt(page: Page, chart: string, share: number): Promise<string> {
  const over = page.locator(`[data-chart="${chart}"] .u-over`);
  await over.scrollIntoViewIfNeeded();
  const box = (await over.boundingBox())!;
  await page.mouse.move(box.x + box.width * share - 3, box.y + 20);
  await page.mouse.move(box.x + box.width * share, box.y + 20);
  return page.locator('.tooltip .tooltip-title').innerText();
}

/** Drags over a chart from one share of its width to another. */
export async function dragOver(page: Page, chart: string, from: number, to: number): Promise<void> {
  const box = (await page.locator(`[data-chart="${chart}"] .u-over`).boundingBox())!;
  await page.mouse.move(box.x + box.width * from, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * ((from + to) / 2), box.y + 30, { steps: 3 });
  await page.mouse.move(box.x + box.width * to, box.y + 30, { steps: 3 });
  await page.mouse.up();
}

/** The visible stretch as the CSV download has it. */
export async function downloadCsv(page: Page): Promise<string[][]> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .trim()
    .split('\n')
    .map((row) => row.split(','));
}
