import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { CHROMIUM, downloadCsv, dragOver, eventually, tooltipAt } from './browser.testing.ts';
import { prepareVisits } from './dashboard-visit.testing.ts';
import { inventedProcesses } from './invented-machine.testing.ts';

describe.skipIf(CHROMIUM === undefined)('the past', () => {
  const visits = prepareVisits();
  const { visit } = visits;
  const asOf = (page: Page): Promise<string> => page.locator('.as-of b').innerText();
  const clickAt = async (page: Page, chart: string, share: number): Promise<string> => {
    const title = await tooltipAt(page, chart, share);
    const box = (await page.locator(`[data-chart="${chart}"] .u-over`).boundingBox())!;
    await page.mouse.click(box.x + box.width * share, box.y + 20);
    return title;
  };

  test('a click shows the machine as it was: tiles, legends, tables and processes', async () => {
    const page = await visit();
    const live = await page.locator('.tiles').innerText();
    const moment = await clickAt(page, 'cpu', 0.3);
    await eventually(() => asOf(page)).toBe(moment);
    await eventually(() => page.locator('.tiles').innerText()).not.toBe(live);
    const then = await page.locator('.tiles').innerText();
    const time = Math.floor(Date.parse(moment) / 1000);
    await eventually(() => page.locator('.processes [role="status"]').innerText()).toBe(`120, as recorded at ${moment}`);
    const shape = { cores: 4, processes: 120, disks: [], interfaces: [], hostile: false, unknown: [], sensors: [], cards: [] };
    const busiest = [...inventedProcesses(shape, time).processes].sort((a, b) => (b.cpu ?? 0) - (a.cpu ?? 0) || a.pid - b.pid)[0]!;
    expect(Number(await page.locator('.process-line').first().getAttribute('data-pid'))).toBe(busiest.pid);
    const used = await page.locator('#machine tr', { hasText: '/dev/vda1' }).locator('.meter b').innerText();
    expect(used).toMatch(/^6[34]/);
    for (let i = 0; i < 5; i++) visits.server.tick();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await page.locator('.tiles').innerText()).toBe(then);
    await page.getByRole('button', { name: 'Back to live' }).click();
    await eventually(() => page.locator('.time-bar').count()).toBe(0);
    await eventually(() => page.locator('.tiles').innerText()).not.toBe(then);
  });

  test('steps by key, leaves by key', async () => {
    const page = await visit();
    const moment = await clickAt(page, 'cpu', 0.5);
    await page.keyboard.press(',');
    await eventually(async () => Date.parse(moment) - Date.parse(await asOf(page))).toBe(1000);
    await page.keyboard.press('.');
    await page.keyboard.press('.');
    await eventually(async () => Date.parse(await asOf(page)) - Date.parse(moment)).toBe(1000);
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('.time-bar').count()).toBe(0);
  });

  test('a moment can be named', async () => {
    const page = await visit();
    await page.keyboard.press('g');
    const then = new Date((visits.server.now() - 400) * 1000);
    const two = (part: number): string => String(part).padStart(2, '0');
    const day = `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
    const clock = [then.getHours(), then.getMinutes(), then.getSeconds()].map(two).join(':');
    await page.getByLabel('Date and time').fill(`${day}T${clock}`);
    await page.keyboard.press('Enter');
    await eventually(() => asOf(page)).toBe(`${day} ${clock}`);
    await eventually(() => page.locator('.processes [role="status"]').innerText()).toContain('as recorded at');
  });

  test('a moment whose processes were not kept says so', async () => {
    const page = await visit({ recorded: 30 }, {}, true);
    await clickAt(page, 'cpu', 0.2);
    await eventually(() => page.locator('.processes [role="status"]').innerText()).toBe('No processes were recorded then.');
    expect(await page.locator('.process-line').count()).toBe(0);
  });

  test.each([
    ['6', 86_400, 72],
    ['8', 30 * 86_400, 2160],
    ['9', 365 * 86_400, 26_280],
  ])('range %s is asked for in steps, with the lowest and highest values', async (key, length, step) => {
    const page = await visit();
    await page.keyboard.press(key);
    await eventually(() => visits.server.historyRequests.at(-1) ?? '').toContain(`step=${step}&band=1`);
    await eventually(async () => (await downloadCsv(page)).length).toBeGreaterThan(1100);
    const rows = (await downloadCsv(page)).slice(1).map(([time]) => Date.parse(time!) / 1000);
    expect(rows.at(-1)! - rows[0]!).toBeGreaterThan(length * 0.99);
    await tooltipAt(page, 'cpu', 0.5);
    expect(await page.locator('.tooltip').innerText()).toMatch(/to .* within this point/);
    // It follows the clock without asking again.
    const asked = visits.server.historyRequests.length;
    for (let seconds = 0; seconds < 2.5 * step && seconds < 600; seconds += 30) visits.server.tick(30);
    await eventually(async () => {
      const last = Date.parse((await downloadCsv(page)).at(-1)![0]!) / 1000;
      return visits.server.now() - last;
    }).toBeLessThanOrEqual(2 * step);
    expect(visits.server.historyRequests).toHaveLength(asked);
  });

  test('the address says what is shown, and shows it again', async () => {
    const page = await visit();
    await page.keyboard.press('4');
    await eventually(() => page.url()).toContain('#range=3600');
    await page.reload();
    await eventually(() => page.getByRole('button', { name: 'last hour' }).getAttribute('aria-pressed')).toBe('true');
    await dragOver(page, 'cpu', 0.2, 0.6);
    const moment = await clickAt(page, 'cpu', 0.4);
    await eventually(() => page.url()).toMatch(/#from=.*&to=.*&time=/);
    const window = await page.locator('.time-bar .window').innerText();
    await page.reload();
    await eventually(() => asOf(page)).toBe(moment);
    const again = await page.locator('.time-bar .window').innerText();
    expect(again.split(' · ')[1]).toBe(window.split(' · ')[1]);
    await page.locator('.links').getByText('Machine').click();
    expect(page.url()).toContain('&time=');
  });

  test.each([
    '#range=-4',
    '#range=1e99',
    '#from=x&to=y',
    '#time=2999-01-01T00:00:00Z',
    '#%ff',
    '#from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z',
  ])('an address with %s is as good as none', async (hash) => {
    const page = await visit();
    await page.goto(new URL(hash, visits.server.url).href);
    await page.reload();
    await page.locator('[data-chart="cpu"] canvas').waitFor();
    await eventually(() => page.getByRole('button', { name: 'last 5 minutes' }).getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('.time-bar').count()).toBe(0);
  });

  test('a hole in the stream that is longer than the backfill is fetched', async () => {
    const page = await visit({}, {}, true);
    await visits.restart({ backfill: 20 });
    visits.server.tick(300);
    for (let i = 0; i < 3; i++) visits.server.tick();
    await page.getByRole('alert').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
    visits.server.tick();
    await eventually(() => visits.server.historyRequests.length).toBe(1);
    await eventually(async () => {
      const times = (await downloadCsv(page)).slice(1).map(([time]) => Date.parse(time!) / 1000);
      return Math.max(...times.slice(1).map((time, row) => time - times[row]!));
    }).toBe(1);
  });
});
