import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { createHub, createProcessActor, openActLog, serve } from '@hecate/observe';
import type { Hub, Serving } from '@hecate/observe';
import { buildPage, CHROMIUM, colorsOf, eventually, openBrowser, openPage, untilLive } from './browser.testing.ts';

describe.skipIf(CHROMIUM === undefined)('the page of the daemon, on this machine', () => {
  const stop = new AbortController();
  const errors: unknown[] = [];
  const built = buildPage();
  const folder = mkdtempSync(join(tmpdir(), 'hecate-served-'));
  let browser: Browser;
  let hub: Hub;
  let serving: Serving;
  let running: Promise<void>;

  beforeAll(async () => {
    hub = createHub({ host: openHost(), interval: 0.25, onError: (error) => errors.push(error) });
    running = hub.run(stop.signal);
    serving = await serve({
      hub,
      version: '0.1.0',
      platform: process.platform,
      startedAt: performance.now() / 1000,
      recording: () => false,
      port: 0,
      tokenFile: join(folder, 'token'),
      actTokenFile: join(folder, 'act-token'),
      actor: createProcessActor(
        openHost(),
        openActLog(join(folder, 'acts.jsonl'), () => undefined),
      ),
      dashboard: built.path,
      onError: (error) => errors.push(error),
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    stop.abort();
    await running;
    await serving.close();
    built.remove();
    rmSync(folder, { recursive: true, force: true });
    expect(errors).toEqual([]);
  });

  test('shows this host, its charts and this very process', async () => {
    const { page, complaints, close } = await openPage(browser, serving.url);
    await untilLive(page);
    const host = hub.latest?.snapshot.host;
    await eventually(() => page.locator('h1').innerText()).toBe(host?.hostname);
    expect(await page.locator('.page-head').innerText()).toContain(`Linux ${host?.release}`);
    expect(await page.locator('.page-head').innerText()).toContain('not recording');
    const samples = hub.samples;
    await eventually(() => hub.samples).toBeGreaterThan(samples + 8);
    for (const chart of ['cpu', 'cores', 'memory', 'load']) {
      await eventually(() => colorsOf(page.locator(`[data-chart="${chart}"] canvas`)), chart).toBeGreaterThan(4);
    }
    await page.locator('#process-filter').fill(String(process.pid));
    const own = page.locator(`[data-pid="${process.pid}"]`);
    await own.waitFor();
    await own.click();
    const command = hub.latest?.snapshot.processes?.identities.find(({ pid }) => pid === process.pid)?.command;
    await eventually(async () => (await page.locator('.process-details .command').innerText()).trim()).toBe(command?.trim());
    const root = page.locator('.tables tr', { has: page.locator('td', { hasText: /^\/$/ }) });
    await root.first().waitFor();
    await close();
    expect(complaints).toEqual([]);
  });

  test('who has the token to act can end a process, and only that one', async () => {
    const victim = spawn('sleep', ['300'], { stdio: 'ignore' });
    const ended = once(victim, 'exit');
    try {
      const token = readFileSync(join(folder, 'act-token'), 'utf8').trim();
      const { page, complaints, close } = await openPage(browser, `${serving.url}?token=${token}`);
      await untilLive(page);
      expect(page.url()).not.toContain(token);
      await page.locator('#process-filter').fill(String(victim.pid));
      await page.locator(`[data-pid="${victim.pid}"]`).click();
      await page.getByRole('button', { name: 'Send a signal' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Send TERM' }).click();
      expect(await ended).toEqual([null, 'SIGTERM']);
      await eventually(() => page.locator('.process-acts').innerText()).toContain(`TERM was sent to sleep (${victim.pid}).`);
      await close();
      expect(complaints).toEqual([]);
    } finally {
      victim.kill('SIGKILL');
    }
  });
});
