import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { createProcessActor, openActLog } from '@hecate/observe';
import { CHROMIUM, colorsOf, eventually, openBrowser, openPage, untilLive } from './browser.testing.ts';
import { serveMachine } from './served-machine.testing.ts';
import type { ServedMachine } from './served-machine.testing.ts';

describe.skipIf(CHROMIUM === undefined)('the page of the daemon, on this machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hecate-served-'));
  let browser: Browser;
  let served: ServedMachine;

  beforeAll(async () => {
    served = await serveMachine(openHost(), folder, {
      platform: process.platform,
      actor: createProcessActor(
        openHost(),
        openActLog(join(folder, 'acts.jsonl'), () => undefined),
      ),
    });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  test('shows this host, its charts and this very process', async () => {
    const { page, complaints, close } = await openPage(browser, served.url);
    await untilLive(page);
    const host = served.hub.latest?.snapshot.host;
    await eventually(() => page.locator('h1').innerText()).toBe(host?.hostname);
    expect(await page.locator('.page-head').innerText()).toContain(`Linux ${host?.release}`);
    expect(await page.locator('.page-head').innerText()).toContain('not recording');
    const samples = served.hub.samples;
    await eventually(() => served.hub.samples).toBeGreaterThan(samples + 8);
    for (const chart of ['cpu', 'cores', 'memory', 'load']) {
      await eventually(() => colorsOf(page.locator(`[data-chart="${chart}"] canvas`)), chart).toBeGreaterThan(4);
    }
    await page.locator('#process-filter').fill(String(process.pid));
    const own = page.locator(`[data-pid="${process.pid}"]`);
    await own.waitFor();
    await own.click();
    const command = served.hub.latest?.snapshot.processes?.identities.find(({ pid }) => pid === process.pid)?.command;
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
      const { page, complaints, close } = await openPage(browser, `${served.url}?token=${token}`);
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
