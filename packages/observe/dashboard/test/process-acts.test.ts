import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { CHROMIUM, eventually } from './browser.testing.ts';
import { prepareVisits } from './dashboard-visit.testing.ts';
import { HOSTILE_NAME } from './invented-machine.testing.ts';

describe.skipIf(CHROMIUM === undefined)('acting on processes', () => {
  const visits = prepareVisits();
  const { visit } = visits;
  const choose = async (page: Page, pid: number): Promise<void> => {
    await page.locator('#process-filter').fill(String(pid));
    await page.locator(`[data-pid="${pid}"]`).click();
  };

  test('a signal is sent after one more question, to the process that is meant', async () => {
    const page = await visit({ act: true });
    await choose(page, 15);
    await page.getByRole('button', { name: 'Send a signal' }).click();
    const dialog = page.getByRole('dialog');
    for (const fact of ['nginx', '15', 'postgres', '/usr/bin/nginx --config']) expect(await dialog.innerText()).toContain(fact);
    expect(await dialog.getByRole('button', { name: 'Cancel' }).evaluate((button) => button === document.activeElement)).toBe(true);
    await dialog.getByLabel('Signal').selectOption('KILL');
    expect(visits.server.posts).toEqual([]);
    await dialog.getByRole('button', { name: 'Send KILL' }).click();
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
    expect(visits.server.posts).toEqual([
      { path: '/api/v1/processes/signal', body: { pid: 15, startedAfterBoot: 280.25, signal: 'KILL' } },
    ]);
    expect(await page.locator('.process-acts').innerText()).toContain('KILL was sent to nginx (15).');
  });

  test('niceness is changed the same way', async () => {
    const page = await visit({ act: true });
    await choose(page, 15);
    await page.getByRole('button', { name: 'Change niceness' }).click();
    await page.getByRole('spinbutton').fill('12');
    await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click();
    await eventually(() => visits.server.posts.length).toBe(1);
    expect(visits.server.posts).toEqual([{ path: '/api/v1/processes/priority', body: { pid: 15, startedAfterBoot: 280.25, nice: 12 } }]);
  });

  test('cancelling and Escape send nothing', async () => {
    const page = await visit({ act: true });
    await choose(page, 15);
    await page.getByRole('button', { name: 'Send a signal' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Send a signal' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
    expect(visits.server.posts).toEqual([]);
  });

  test('what the server refuses is told in its words, and the question stays', async () => {
    const page = await visit({ act: true, refusal: [409, 'Process 15 is another one now.'] }, {}, true);
    await choose(page, 15);
    await page.getByRole('button', { name: 'Send a signal' }).click();
    await page.getByRole('button', { name: 'Send TERM' }).click();
    await eventually(() => page.getByRole('dialog').getByRole('alert').innerText()).toBe('Process 15 is another one now.');
  });

  test('who may only look is offered nothing, nor for kernel threads, nor for the past', async () => {
    const page = await visit();
    await choose(page, 15);
    await page.locator('.process-details').waitFor();
    expect(await page.locator('.process-acts').count()).toBe(0);
    await visits.restart({ act: true });
    await page.reload();
    await choose(page, 15);
    await page.locator('.process-acts').waitFor();
    await choose(page, 10);
    await eventually(() => page.locator('.process-acts').count()).toBe(0);
    await page.locator('#process-filter').fill('');
    await page.locator('#process-filter').blur();
    await page.keyboard.press(',');
    await choose(page, 15);
    await eventually(() => page.locator('.process-details h3').innerText()).toBe('nginx');
    expect(await page.locator('.process-acts').count()).toBe(0);
  });

  test('a process whose name is HTML is text in the question too', async () => {
    const page = await visit({ act: true, hostile: true });
    await choose(page, 17);
    await page.getByRole('button', { name: 'Send a signal' }).click();
    expect(await page.getByRole('dialog').innerText()).toContain(HOSTILE_NAME);
    expect(await page.locator('img').count()).toBe(0);
  });
});
