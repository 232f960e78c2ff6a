// A real browser: what a page of somebody else gets, and what our own gets with a token.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { CHROMIUM, openBrowser, openPage } from '../packages/observe/dashboard/test/browser.testing.ts';
import { run, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';

describe.skipIf(CHROMIUM === undefined)('in a browser', () => {
  const env = { XDG_STATE_HOME: temporary('browser') };
  let daemon: Daemon;
  let browser: Browser;
  beforeAll(async () => {
    daemon = await startDaemon(['--no-record', '--allow-act'], { env });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await daemon.end();
  });

  it('the token leaves the address, the session works, and no script sees it', async () => {
    const token = (await run(['token', 'act'], { env })).stdout.trim();
    const { page, complaints, close } = await openPage(browser, `${daemon.url}?token=${token}`);
    expect(page.url()).toBe(daemon.url);
    expect(await page.evaluate('fetch("/api/v1/access").then((answer) => answer.json())')).toMatchObject({ scopes: ['read', 'act'] });
    expect(await page.evaluate('document.cookie')).toBe('');
    await close();
    expect(complaints).toEqual([]);
  });

  it('a page of somebody else reads nothing, sends nothing, embeds nothing and opens no stream', async () => {
    const page = await browser.newPage();
    await page.goto('data:text/html,<p>A page of somebody else');
    const attempt = (script: string): Promise<unknown> => page.evaluate(`((url) => ${script})(${JSON.stringify(daemon.url)})`);
    expect(await attempt('fetch(url + "api/v1/snapshot").then(() => "read", () => "refused")')).toBe('refused');
    expect(
      await attempt(
        'fetch(url + "api/v1/processes/signal", { method: "POST", mode: "no-cors", body: "{}" }).then(() => "sent", () => "refused")',
      ),
    ).toBe('refused');
    for (const tag of ['script', 'img'])
      expect(
        await attempt(
          `new Promise((resolve) => { const it = document.createElement("${tag}"); it.onload = () => resolve("loaded"); it.onerror = () => resolve("refused"); it.src = url + "api/v1/snapshot"; document.body.append(it); })`,
        ),
      ).toBe('refused');
    const stream =
      'new Promise((resolve) => { const it = new WebSocket(url.replace("http", "ws") + "api/v1/stream"); it.onopen = () => resolve("open"); it.onerror = () => resolve("refused"); })';
    expect(await attempt(stream)).toBe('refused');
    await page.close();
  });
});
