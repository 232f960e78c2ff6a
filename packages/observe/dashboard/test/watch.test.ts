import { describe, expect, test } from 'vitest';
import { CHROMIUM, eventually, tooltipAt } from './browser.testing.ts';
import { prepareVisits } from './dashboard-visit.testing.ts';
import { HOSTILE_NAME } from './invented-machine.testing.ts';
import { inventedAlert } from './invented-watch.testing.ts';

describe.skipIf(CHROMIUM === undefined)('alerts and events', () => {
  const visits = prepareVisits();
  const { visit } = visits;

  test('what is wrong stands in the head, in the title, in the icon and in a list', async () => {
    const page = await visit();
    const pill = page.locator('.pill.alerts');
    await eventually(() => pill.innerText()).toBe('1 alert');
    const icon = (): Promise<string> =>
      page.locator('link[rel="icon"]').evaluate((link) => atob((link as HTMLLinkElement).href.split(',')[1]!));
    await eventually(() => page.title()).toMatch(/^\(1\) /);
    expect(await icon()).toContain('#e8a23d');
    const now = visits.server.now();
    visits.server.change({
      time: now,
      previous: null,
      alert: inventedAlert(now, { id: 'x', severity: 'critical', summary: 'All is on fire.', since: now }),
    });
    await eventually(() => pill.innerText()).toBe('2 alerts');
    await eventually(() => pill.getAttribute('class')).toContain('critical');
    await eventually(() => page.title()).toMatch(/^\(2\) /);
    await eventually(icon).toContain('<rect x="17"');
    await page.keyboard.press('a');
    const first = page.locator('#watch [data-alert]').first();
    expect(await first.innerText()).toMatch(/critical\s+All is on fire\./);
    for (const id of ['x', 'disk-space//srv/data'])
      visits.server.change({ time: now + 1, previous: 'warning', alert: inventedAlert(now, { id, severity: null }) });
    await eventually(() => pill.innerText()).toBe('no alerts');
    await eventually(() => page.title()).not.toMatch(/^\(/);
    await eventually(icon).not.toContain('<rect x="17"');
    expect(await page.locator('#watch').innerText()).toContain('All is well.');
    expect(await page.locator('#watch').getByRole('region', { name: 'Alerts of the past' }).locator('tr').count()).toBe(6);
  });

  test('who may act can silence an alert, and end the silence', async () => {
    const page = await visit({ act: true });
    await page.getByLabel('Silence disk-space//srv/data').selectOption({ label: 'for 1 h' });
    await page.getByRole('button', { name: 'Tell about disk-space//srv/data again' }).waitFor();
    const [post] = visits.server.posts;
    expect(post).toMatchObject({ path: '/api/v1/alerts/silence', body: { id: 'disk-space//srv/data' } });
    expect((post!.body as { until: number }).until - Date.now() / 1000).toBeGreaterThan(3500);
    await eventually(() => page.locator('.pill.alerts').innerText()).toBe('no alerts');
    await page.getByRole('button', { name: 'Tell about disk-space//srv/data again' }).click();
    await eventually(() => page.locator('.pill.alerts').innerText()).toBe('1 alert');
    expect(visits.server.posts[1]!.body).toEqual({ id: 'disk-space//srv/data', until: null });
  });

  test('who may only look is offered no silence', async () => {
    const page = await visit();
    await page.locator('[data-alert]').waitFor();
    expect(await page.locator('#watch select').count()).toBe(0);
  });

  test('an event comes by the stream, and a press on its time shows the machine as it was', async () => {
    const page = await visit();
    const rows = page.getByRole('region', { name: 'Events', exact: true }).locator('tr');
    await eventually(() => rows.count()).toBe(3);
    expect(await rows.first().innerText()).toContain('java (4711) was killed for want of memory');
    visits.server.happen({
      id: 5,
      time: visits.server.now(),
      kind: 'link',
      change: 'down',
      device: 'eth7',
      index: 9,
      previous: null,
      enabled: false,
    });
    await eventually(() => rows.first().innerText()).toContain('eth7 is down: switched off');
    await rows.nth(1).getByRole('button').click();
    await page.locator('.time-bar.moment').waitFor();
  });

  test('what happened is marked on the time axis of every chart', async () => {
    const page = await visit();
    await page.keyboard.press('3');
    await eventually(async () => {
      await tooltipAt(page, 'memory', 1 - 130 / 900);
      return page.locator('.tooltip').innerText();
    }).toContain('java (4711) was killed for want of memory');
    await tooltipAt(page, 'load', 1 - 200 / 900);
    expect(await page.locator('.tooltip').innerText()).toContain('The CPU has been 97 % busy');
  });

  test('names in events and alerts are text', async () => {
    const page = await visit({
      hostile: true,
      alerts: [inventedAlert(Date.now() / 1000, { id: HOSTILE_NAME, summary: HOSTILE_NAME, advice: HOSTILE_NAME })],
    });
    await eventually(() => page.locator('[data-alert]').innerText()).toContain(HOSTILE_NAME);
    await eventually(() => page.locator('#watch').innerText()).toContain(`${HOSTILE_NAME} (4711) was killed`);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  });

  test('a server that watches and judges nothing has no such panel, and all else works', async () => {
    const without = ['alerts', 'alerts/history', 'events', 'access', 'tuning'].map((name) => `/api/v1/${name}`);
    const page = await visit({ without }, {}, true);
    await eventually(() => page.locator('#machine').innerText()).toContain('nas:/export');
    expect(await page.locator('#watch').count()).toBe(0);
    expect(await page.locator('.pill.alerts').count()).toBe(0);
    expect(await page.getByText('Tuning').count()).toBe(0);
  });
});
