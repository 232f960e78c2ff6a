import { describe, expect, test } from 'vitest';
import { CHROMIUM, eventually } from './browser.testing.ts';
import { prepareVisits } from './dashboard-visit.testing.ts';
import { inventedAlert } from './invented-watch.testing.ts';

describe.skipIf(CHROMIUM === undefined)('the page itself', () => {
  const visits = prepareVisits();
  const { visit } = visits;

  test('300 ticks leave no element and no listener behind', async () => {
    const page = await visit({ act: true, processes: 200 });
    await page.locator('#process-filter').scrollIntoViewIfNeeded();
    await page.locator('.process-line').first().waitFor();
    const client = await page.context().newCDPSession(page);
    await client.send('Performance.enable');
    const measure = async (): Promise<{
      readonly elements: number;
      readonly nodes: number;
      readonly listeners: number;
      readonly heap: number;
    }> => {
      await client.send('HeapProfiler.collectGarbage');
      const { metrics } = await client.send('Performance.getMetrics');
      const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
      return {
        elements: await page.locator('*').count(),
        nodes: of('Nodes'),
        listeners: of('JSEventListeners'),
        heap: of('JSHeapUsedSize'),
      };
    };
    // What has been drawn once is there; rows come and go with their order, and wait for the collector meanwhile.
    for (let i = 0; i < 20; i++) visits.server.tick();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    const before = await measure();
    const last = await page.locator('.tiles').innerText();
    for (let i = 0; i < 300; i++) visits.server.tick();
    await eventually(() => page.locator('.tiles').innerText()).not.toBe(last);
    await eventually(async () => {
      const after = await measure();
      return after.elements === before.elements && after.nodes - before.nodes < 100 && after.listeners - before.listeners < 20;
    }).toBe(true);
    expect((await measure()).heap - before.heap).toBeLessThan(2e6);
  });

  test('everything that can be pressed has a name, and the first of it is reached by one key', async () => {
    const page = await visit({ act: true });
    await page.locator('#process-filter').scrollIntoViewIfNeeded();
    await page.locator('.process-line').first().click();
    const nameless = await page.locator('button, select, input, [role="img"], section').evaluateAll(
      (all) =>
        all.filter((element) => {
          const label = element.getAttribute('aria-label') ?? element.textContent ?? '';
          return label.trim() === '' && !element.closest('label');
        }).length,
    );
    expect(nameless).toBe(0);
    await page.evaluate(() => scrollTo(0, 0));
    await page.locator('h1').click();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('alerts');
  });

  test.each([360, 390])('the report, a question and the bar of a moment fit on a screen of %d pixels', async (width) => {
    const page = await visit({ act: true, hostile: true }, { viewport: { width, height: 740 } });
    const fits = async (): Promise<void> => expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.locator('#week').getByRole('button', { name: '7 days' }).click();
    await page.locator('.week-heat').waitFor();
    await fits();
    await page.locator('#process-filter').fill('3');
    await page.locator('.process-line:not(.kernel)').first().click();
    await page.getByRole('button', { name: 'Send a signal' }).click();
    await page.getByRole('dialog').waitFor();
    await fits();
    const dialog = (await page.getByRole('dialog').boundingBox())!;
    expect(dialog.x).toBeGreaterThanOrEqual(0);
    expect(dialog.x + dialog.width).toBeLessThanOrEqual(width);
    await page.keyboard.press('Escape');
    await page.locator('#process-filter').blur();
    await page.keyboard.press(',');
    const bar = (await page.locator('.time-bar').boundingBox())!;
    expect(bar.x).toBeGreaterThanOrEqual(0);
    expect(bar.x + bar.width).toBeLessThanOrEqual(width);
    await fits();
    await page.getByRole('combobox', { name: 'Live range' }).selectOption({ label: '24 h' });
    await eventually(() => page.locator('.time-bar').count()).toBe(0);
    await eventually(() => page.url()).toContain('#range=86400');
  });

  test('a reader who wants things still gets them still', async () => {
    const page = await visit({}, { reducedMotion: 'reduce' });
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe('auto');
    const moving = await page
      .locator('*')
      .evaluateAll(
        (all) =>
          all.filter(
            (element) =>
              !['0s', ''].includes(getComputedStyle(element).transitionDuration) || getComputedStyle(element).animationName !== 'none',
          ).length,
      );
    expect(moving).toBe(0);
  });

  test('sensors, fans, cards and file systems have charts of their own', async () => {
    const page = await visit({ cards: ['card0'], sensors: Array.from({ length: 11 }, (_, index) => `chip temp${index}`) });
    for (const chart of ['temperature.0', 'temperature.1', 'fan.0', 'gpu.card0.usage_percent', 'gpu.card0.power_watts', 'filesystem.0'])
      await page.locator(`[data-chart="${chart}"] canvas`).waitFor();
    expect(await page.locator('[data-chart="filesystem.0"]').innerText()).toContain('/srv/data');
    const row = page.locator('#machine tr', { hasText: 'eth0' });
    await row.scrollIntoViewIfNeeded();
    await eventually(() => row.innerText()).toMatch(/\d\s(MB|kB)\/s/);
    await eventually(() => page.locator('#machine').innerText()).toContain('Tuning: server');
  });

  test('nothing moves while it is open: the layout does not shift', async () => {
    const page = await visit();
    await eventually(() => page.locator('#watch').count()).toBe(1);
    await page.evaluate(() => {
      const shifts: number[] = [];
      Object.assign(globalThis, { shifts });
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as unknown as { readonly value: number }).value);
      });
      observer.observe({ type: 'layout-shift' });
      Object.assign(globalThis, { observer });
    });
    for (let i = 0; i < 20; i++) visits.server.tick();
    const now = visits.server.now();
    visits.server.change({ time: now, previous: null, alert: inventedAlert(now, { id: 'x', severity: 'critical', since: now }) });
    await eventually(() => page.locator('.pill.alerts').innerText()).toBe('2 alerts');
    await page.keyboard.press('p');
    await page.locator('.time-bar').waitFor();
    await page.evaluate(() => new Promise(requestAnimationFrame));
    const shifts = await page.evaluate(() => (globalThis as unknown as { readonly shifts: readonly number[] }).shifts);
    expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.01);
  });
});
