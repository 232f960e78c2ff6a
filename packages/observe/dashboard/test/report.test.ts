import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CHROMIUM, eventually } from './browser.testing.ts';
import { prepareVisits } from './dashboard-visit.testing.ts';

describe.skipIf(CHROMIUM === undefined)('the report of the recorded days', () => {
  const visits = prepareVisits();
  const { visit } = visits;

  test('is made when asked for, and shows the week, percentiles and what suffices', async () => {
    const page = await visit();
    await page.locator('#week').scrollIntoViewIfNeeded();
    expect(visits.server.reports).toEqual([]);
    await page.locator('#week').getByRole('button', { name: '7 days' }).click();
    await page.locator('.week-heat').waitFor();
    expect(visits.server.reports).toHaveLength(1);
    const query = new URLSearchParams(visits.server.reports[0]);
    expect((Date.parse(query.get('end')!) - Date.parse(query.get('start')!)) / 86_400_000).toBe(6);
    const text = await page.locator('#week').innerText();
    for (const part of ['Memory grows by 2 % a day.', 'Busiest from 10 to 12', 'bursty', 'enough', 'p95', '2 gaps'])
      expect(text).toContain(part);
    const cells = page.locator('.week-heat td[aria-label]');
    expect(await cells.count()).toBe(7 * 24);
    expect(await page.locator('.week-heat td.unknown').count()).toBe(3);
    const colors = await cells.evaluateAll((all) => all.map((cell) => (cell as HTMLElement).style.background));
    expect(new Set(colors).size).toBeGreaterThan(20);
    await cells.nth(10).hover();
    await eventually(() => page.locator('.tooltip').innerText()).toMatch(/Monday, 10:00 to 11:00\s+mean\s+\d+/);
    await page.getByLabel('Metric of the map').selectOption('memory_used');
    await cells.nth(11).hover();
    await eventually(() => page.locator('.tooltip').innerText()).toContain('GiB');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('#week').getByRole('button', { name: 'JSON' }).click(),
    ]);
    const report = JSON.parse(readFileSync(await download.path(), 'utf8')) as { readonly period: { readonly rows: number } };
    expect(report.period.rows).toBe(604_800);
  });

  test('a server without reports has no such part', async () => {
    const page = await visit({ without: ['/api/v1/analysis'] }, {}, true);
    await page.locator('#week').getByRole('button', { name: '7 days' }).click();
    await eventually(() => page.locator('#week').count()).toBe(0);
  });
});
