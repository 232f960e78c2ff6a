import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { buildPage, CHROMIUM, colorsOf, downloadCsv, dragOver, eventually, tooltipAt, untilLive } from './browser.testing.ts';
import { prepareVisits } from './dashboard-visit.testing.ts';
import { HOSTILE_NAME } from './invented-machine.testing.ts';

describe('the built page', () => {
  const built = buildPage();
  afterAll(() => built.remove());
  const html = readFileSync(built.path, 'utf8');

  test('is one file that stays small and names nothing elsewhere', () => {
    expect(gzipSync(html).length).toBeLessThan(150_000);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html.match(/<style/g)).toHaveLength(1);
    const markup = html.replace(/<style>[^]*?<\/style>/, '').replace(/<script>[^]*?<\/script>/, '');
    expect(markup).not.toMatch(/\son\w+=|\sstyle=|https?:/);
  });

  test('is the same at every build', () => {
    const again = buildPage();
    expect(readFileSync(again.path, 'utf8')).toBe(html);
    again.remove();
  });
});

describe.skipIf(CHROMIUM === undefined)('in a browser', () => {
  const visits = prepareVisits();
  const { visit } = visits;
  const pids = (page: Page): Promise<number[]> =>
    page.locator('.process-line').evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset['pid'])));

  test('shows the machine, with every chart drawn and nothing asked of anybody else', async () => {
    const page = await visit();
    await eventually(() => page.locator('h1').innerText()).toBe('hekate-01');
    for (const fact of ['Debian GNU/Linux 13 (trixie)', 'Linux 6.12.9-amd64', '4 cores', 'recording'])
      expect(await page.locator('.page-head').innerText()).toContain(fact);
    const charts = page.locator('[data-chart]');
    expect(await charts.count()).toBeGreaterThanOrEqual(14);
    for (const chart of await charts.all()) {
      await chart.scrollIntoViewIfNeeded();
      await eventually(() => colorsOf(chart.locator('canvas')), (await chart.getAttribute('data-chart')) ?? '').toBeGreaterThan(8);
    }
    await eventually(() => page.locator('#machine').innerText()).toContain('nas:/export did not answer in 2 seconds.');
    await eventually(() => page.locator('#machine').innerText()).toContain('read-only');
  });

  test('a tick changes tiles and legends; a paused page stands still, a resumed one goes on', async () => {
    const page = await visit();
    let ticks = 0;
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (payload.toString().startsWith('{"type":"tick"')) ticks++;
      }),
    );
    await page.reload();
    await untilLive(page);
    const load = page.locator('[data-tile="load"] .tile-value');
    const next = async (): Promise<void> => {
      const before = await load.innerText();
      await eventually(async () => {
        visits.server.tick();
        return load.innerText();
      }).not.toBe(before);
    };
    await next();
    await page.keyboard.press('p');
    await eventually(() => page.locator('[data-connection]').innerText()).toBe('paused');
    const frozen = await page.locator('.tiles').innerText();
    const received = ticks;
    for (let i = 0; i < 30; i++) visits.server.tick();
    await eventually(() => ticks).toBe(received + 30);
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(await page.locator('.tiles').innerText()).toBe(frozen);
    await page.keyboard.press('p');
    await next();
  });

  test('dragging over one chart zooms all of them, double click goes back to live', async () => {
    const page = await visit();
    const start = await tooltipAt(page, 'cpu', 0.01);
    await dragOver(page, 'cpu', 0.25, 0.5);
    await page.getByRole('button', { name: 'Back to live' }).waitFor();
    await eventually(async () => (await tooltipAt(page, 'cpu', 0.01)) > start).toBe(true);
    const edge = await tooltipAt(page, 'cpu', 0.01);
    for (const chart of ['cores', 'load', 'memory', 'disk', 'network', 'disk.vda'])
      await eventually(() => tooltipAt(page, chart, 0.01), chart).toBe(edge);
    await page.locator('[data-chart="network"] .u-over').dblclick();
    await eventually(() => page.getByRole('button', { name: 'Back to live' }).count()).toBe(0);
    await eventually(() => tooltipAt(page, 'cpu', 0.01)).toBe(start);
  });

  test('the cursor of one chart is the cursor of all', async () => {
    const page = await visit();
    const value = page.locator('[data-chart="load"] .legend b').first();
    const latest = await value.innerText();
    let share = 0.1;
    await eventually(async () => {
      await tooltipAt(page, 'cpu', (share = (share + 0.07) % 0.9));
      return value.innerText();
    }).not.toBe(latest);
    expect(await page.locator('[data-chart="load"] .u-cursor-x').evaluate((line) => getComputedStyle(line).transform)).toBe(
      await page.locator('[data-chart="cpu"] .u-cursor-x').evaluate((line) => getComputedStyle(line).transform),
    );
    await page.mouse.move(2, 2);
    await eventually(() => value.innerText()).toBe(latest);
  });

  test('shift and drag moves all charts, buttons and keys move and zoom', async () => {
    const page = await visit();
    const start = await tooltipAt(page, 'cpu', 0.01);
    await page.keyboard.down('Shift');
    await dragOver(page, 'cpu', 0.3, 0.7);
    await page.keyboard.up('Shift');
    await page.getByRole('button', { name: 'Back to live' }).waitFor();
    await eventually(async () => (await tooltipAt(page, 'memory', 0.01)) < start).toBe(true);
    await page.getByRole('button', { name: 'last minute' }).click();
    await eventually(async () => (await tooltipAt(page, 'cpu', 0.01)) > start).toBe(true);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await eventually(() => page.locator('.time-bar .window').innerText()).toContain('30');
    await page.keyboard.press('0');
    await eventually(() => page.locator('.time-bar .window').count()).toBe(0);
  });

  test('a past that the backfill does not hold is fetched', async () => {
    const page = await visit({ backfill: 120 });
    await eventually(() => visits.server.historyRequests.length).toBe(1);
    await page.keyboard.press('4');
    await eventually(() => visits.server.historyRequests.length).toBe(2);
    await eventually(async () => (await downloadCsv(page)).length).toBeGreaterThan(1000);
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await eventually(() => visits.server.historyRequests.length).toBeGreaterThan(2);
    await eventually(async () => Date.parse((await downloadCsv(page))[1]![0]!)).toBeLessThan(Date.now() - 3 * 3_600_000);
  });

  test('hiding a series by its legend takes it out of the chart', async () => {
    const page = await visit();
    const user = page.locator('[data-chart="cpu"] .legend button').first();
    await user.click();
    await eventually(() => user.getAttribute('aria-pressed')).toBe('false');
    await eventually(async () => {
      await tooltipAt(page, 'cpu', 0.5);
      return page.locator('.tooltip .tooltip-label').allInnerTexts();
    }).toEqual(['system', 'iowait', 'steal']);
  });

  test('what is unknown is a dash, and the rest is drawn', async () => {
    const page = await visit({ unknown: ['memory_cached', 'load1', 'network.eth0.receive_bytes_per_second'] });
    await eventually(() => page.locator('[data-tile="cpu"] .tile-value').innerText()).toMatch(/%/);
    expect(await page.locator('[data-tile="load"] .tile-value').innerText()).toBe('–');
    expect(await page.locator('[data-chart="memory"]').innerText()).toContain('used');
  });

  test('128 cores are a heat map that tells which core', async () => {
    const page = await visit({ cores: 128 });
    await eventually(() => colorsOf(page.locator('[data-chart="cores"] canvas'))).toBeGreaterThan(40);
    await tooltipAt(page, 'cores', 0.5);
    expect(await page.locator('.tooltip').innerText()).toMatch(/core \d+\s+\d/);
    expect(await page.locator('[data-chart="cores"]').innerText()).toContain('128 cores');
  });

  test('processes are asked for only while their table is on the screen', async () => {
    const page = await visit();
    // Until its charts are there the page is short, and the table may be on it.
    await eventually(() => visits.server.subscriptions()).toBe(0);
    await page.locator('#process-filter').scrollIntoViewIfNeeded();
    await eventually(() => visits.server.subscriptions()).toBe(1);
    await page.evaluate(() => scrollTo(0, 0));
    await eventually(() => visits.server.subscriptions()).toBe(0);
  });

  test('5,000 processes: sorted, filtered, in a tree, and only the visible ones are in the document', async () => {
    const page = await visit({ processes: 5000 });
    await page.keyboard.press('/');
    await eventually(() => page.locator('.processes [role="status"]').innerText()).toBe('5000');
    expect(await page.locator('.process-line').count()).toBeLessThan(80);

    const busy = await page.locator('.process-line .cell-cpu').allInnerTexts();
    expect(busy.map(Number)).toEqual(busy.map(Number).sort((a, b) => b - a));
    await page.getByRole('columnheader', { name: 'PID' }).getByRole('button').click();
    await eventually(async () => (await pids(page)).slice(0, 3)).toEqual([1, 2, 3]);
    await page.getByRole('columnheader', { name: 'PID' }).getByRole('button').click();
    await eventually(async () => (await pids(page))[0]).toBe(5000);

    await page.locator('.process-scroll').evaluate((box) => box.scrollTo(0, 60_000));
    await eventually(async () => (await pids(page))[0]).toBe(5000 - 2500 + 6);

    await page.locator('#process-filter').fill('postgres 37');
    await eventually(() => page.locator('.processes [role="status"]').innerText()).toMatch(/^\d+ of 5000$/);
    const found = await page.locator('.process-line').allInnerTexts();
    expect(found.length).toBeGreaterThan(3);
    for (const row of found) expect(row).toMatch(/postgres/);
    await page.locator('#process-filter').fill('');

    await page.getByRole('button', { name: 'Tree' }).click();
    await page.getByRole('columnheader', { name: 'PID' }).getByRole('button').click();
    await page.locator('.process-scroll').evaluate((box) => box.scrollTo(0, 0));
    await eventually(async () => (await pids(page)).slice(0, 3)).toEqual([1, 2, 9]);
    expect(await page.locator('[role="treegrid"] .process-line').nth(2).getAttribute('aria-level')).toBe('3');
    await page.getByRole('button', { name: 'Fold all' }).click();
    await eventually(() => pids(page)).toEqual([1]);
    await page.getByRole('button', { name: 'Unfold', exact: true }).click();
    await eventually(async () => (await pids(page)).length).toBeGreaterThan(1);

    await page.getByRole('button', { name: /zombie/ }).click();
    await eventually(async () => (await page.locator('.process-line:not(.context) .cell-state').allInnerTexts()).join('')).toBe('Z');
  });

  test('details of a process, its parent, and the keys of the table', async () => {
    const page = await visit();
    await page.locator('#process-filter').scrollIntoViewIfNeeded();
    await page.getByRole('columnheader', { name: 'PID' }).getByRole('button').click();
    // The table comes with its first frame, below a list of states that it brings along.
    await eventually(async () => (await pids(page)).slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    await page.locator('[data-pid="5"]').click();
    const details = page.locator('.process-details');
    await eventually(() => details.innerText()).toContain('/usr/bin/python3 --config');
    await page.locator('.process-scroll').focus();
    await page.keyboard.press('ArrowDown');
    await eventually(() => details.innerText()).toMatch(/PID\s+6/);
    await details.locator('button.link').click();
    await eventually(() => details.innerText()).toMatch(/PID\s+2\b|PID\s+1\b/);
    await page.locator('.process-scroll').focus();
    await page.keyboard.press('Escape');
    await eventually(() => details.count()).toBe(0);
  });

  test('rows do not move under the pointer, while their values go on', async () => {
    const page = await visit();
    await page.locator('#process-filter').scrollIntoViewIfNeeded();
    const figures = async (): Promise<number[]> => (await page.locator('.process-line .cell-cpu').allInnerTexts()).map(Number);
    const isSorted = (values: readonly number[]): boolean => values.every((value, row) => row === 0 || value <= values[row - 1]!);
    await eventually(figures).not.toEqual([]);
    await page.locator('.process-line').nth(3).hover();
    await page.getByText('order held').waitFor();
    const held = await pids(page);
    await eventually(async () => {
      visits.server.tick();
      return isSorted(await figures());
    }).toBe(false);
    expect(await pids(page)).toEqual(held);
    await page.mouse.move(2, 2);
    await eventually(async () => isSorted(await figures())).toBe(true);
    expect(await pids(page)).not.toEqual(held);
    expect(await page.getByText('order held').count()).toBe(0);
  });

  test('a row that is chosen with the keys stays where it is', async () => {
    const page = await visit();
    await page.locator('#process-filter').focus();
    await eventually(() => pids(page)).not.toEqual([]);
    const row = page.locator('.process-line.selected');
    const place = (): Promise<string | null> => row.getAttribute('aria-rowindex');
    await page.locator('.process-scroll').focus();
    for (let presses = 0; presses < 6; presses++) await page.keyboard.press('ArrowDown');
    await page.getByText('order held').waitFor();
    const before = [await row.getAttribute('data-pid'), await place()];
    const held = await pids(page);
    const cpu = await page.locator('.process-line .cell-cpu').allInnerTexts();
    await eventually(async () => {
      for (let ticks = 0; ticks < 5; ticks++) visits.server.tick();
      return page.locator('.process-line .cell-cpu').allInnerTexts();
    }).not.toEqual(cpu);
    expect([await row.getAttribute('data-pid'), await place()]).toEqual(before);
    expect(await pids(page)).toEqual(held);
  });

  test('names that are HTML are shown as text', async () => {
    const page = await visit({ hostile: true });
    await page.locator('#process-filter').scrollIntoViewIfNeeded();
    await eventually(() => page.locator('.process-line').first().count()).toBe(1);
    await page.locator('#process-filter').fill('onerror');
    await page.locator('.process-line .cell-name', { hasText: '<img' }).first().click();
    await eventually(() => page.locator('.process-details .command').innerText()).toContain(HOSTILE_NAME);
    expect(await page.locator('h1').innerText()).toBe(HOSTILE_NAME);
    await page.locator('#machine').scrollIntoViewIfNeeded();
    await eventually(() => page.locator('#machine').innerText()).toContain(HOSTILE_NAME);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
  });

  test('a server that dies and comes back leaves a banner meanwhile, and no hole and no repetition', async () => {
    const page = await visit({}, {}, true);
    for (let i = 0; i < 3; i++) visits.server.tick();
    await visits.server.stop();
    await page.getByRole('alert').filter({ hasText: 'No connection since' }).waitFor();
    expect(await page.locator('[data-connection]').innerText()).toMatch(/connecting/);
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.locator('[data-connection="waiting"]').waitFor();
    await visits.restart();
    for (let i = 0; i < 8; i++) visits.server.tick();
    await untilLive(page);
    await eventually(() => page.getByRole('alert').count()).toBe(0);
    visits.server.tick();
    await eventually(async () => {
      const times = (await downloadCsv(page)).slice(1).map(([time]) => Date.parse(time!) / 1000);
      return new Set(times.slice(1).map((time, row) => time - times[row]!));
    }).toEqual(new Set([1]));
  });

  test('colours are chosen by a key and remembered', async () => {
    const page = await visit();
    const theme = (): Promise<string | null> => page.locator('html').getAttribute('data-theme');
    expect(await theme()).toBe('dark');
    await page.keyboard.press('t');
    await page.keyboard.press('t');
    expect(await theme()).toBe('light');
    const card = await page
      .locator('.card')
      .first()
      .evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(card).toBe('rgb(255, 255, 255)');
    await page.reload();
    await untilLive(page);
    expect(await theme()).toBe('light');
  });

  test('the help opens by a key and closes by another', async () => {
    const page = await visit();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.getByRole('dialog').count()).toBe(0);
  });

  test.each([360, 768, 1440])('nothing is wider than a screen of %d pixels', async (width) => {
    const page = await visit(
      { cores: 128, hostile: true, interfaces: ['eth0', 'a-very-long-interface-name-0', 'lo'] },
      { viewport: { width, height: 740 } },
    );
    for (const part of ['#charts-cpu', '#charts-network', '#processes', '#machine', '.page-foot']) {
      await page.locator(part).scrollIntoViewIfNeeded();
      expect(await page.evaluate(() => document.documentElement.scrollWidth), part).toBe(width);
    }
    await page.locator('#processes').scrollIntoViewIfNeeded();
    await page.locator('.process-line').first().click();
    await page.keyboard.press('0');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
