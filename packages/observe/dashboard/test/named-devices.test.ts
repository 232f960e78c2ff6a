import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHost, openRootedHost } from '@hecate/host';
import { CHROMIUM, eventually, openBrowser, openPage } from './browser.testing.ts';
import { HOSTILE_NAME } from './invented-machine.testing.ts';
import { serveMachine } from './served-machine.testing.ts';
import type { ServedMachine } from './served-machine.testing.ts';

type Files = Readonly<Record<string, string | number>>;

/** Files and links (`-> target`) of one directory. */
const under = (directory: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([file, content]) => [`${directory}/${file}`, content]));

const chip = (number: number, place: string, name: string, files: Files): Files => ({
  [`sys/class/hwmon/hwmon${number}`]: `-> ../../devices/${place}/hwmon/hwmon${number}`,
  ...under(`sys/devices/${place}/hwmon/hwmon${number}`, { name, device: '-> ../..', ...files }),
});

/** A card of AMD, as the kernel lays it out. */
const card = (number: number, id: string, device: string): Files => ({
  [`sys/class/drm/card${number}`]: `-> ../../devices/pci0000:00/${id}/drm/card${number}`,
  ...under(`sys/devices/pci0000:00/${id}`, {
    [`drm/card${number}/device`]: '-> ../..',
    [`drm/renderD${127 + number}/dev`]: `226:${127 + number}`,
    driver: '-> ../../../bus/pci/drivers/amdgpu',
    ...{ class: '0x030000', vendor: '0x1002', device, gpu_busy_percent: 30 + number },
    ...{ mem_info_vram_total: 17_163_091_968, mem_info_vram_used: 2_147_483_648 },
  }),
  ...chip(30 + number, `pci0000:00/${id}`, 'amdgpu', { power1_average: 87_000_000, temp1_input: 54_000, temp1_label: 'edge' }),
});

/** A machine of files: two sockets, a disk, three cards, and a sensor whose label is an attack. */
const MACHINE: Files = {
  'proc/uptime': '5000.00 9000.00',
  'sys/bus/pci/drivers/amdgpu/bind': '',
  'usr/share/misc/pci.ids': '1002  Advanced Micro Devices, Inc. [AMD/ATI]\n\t73bf  Navi 21 [Radeon RX 6800/6800 XT / 6900 XT]',
  ...chip(0, 'platform/coretemp.0', 'coretemp', {
    ...{ temp1_label: 'Package id 0', temp1_input: 55_000, temp2_label: 'Core 0', temp2_input: 54_000 },
    ...{ temp3_label: `${HOSTILE_NAME}\u202e\u001b[2J`, temp3_input: 52_000, temp10_label: 'Core 0', temp10_input: 51_000 },
  }),
  ...chip(1, 'platform/coretemp.1', 'coretemp', {
    temp1_label: 'Package id 1',
    temp1_input: 44_000,
    temp2_label: 'Core 0',
    temp2_input: 43_000,
  }),
  ...chip(2, 'pci0000:00/0000:01:00.0/nvme/nvme0', 'nvme', { temp1_label: 'Composite', temp1_input: 38_850, fan1_input: 1200 }),
  ...card(1, '0000:2b:00.0', '0x73bf'),
  ...card(2, '0000:2c:00.0', '0x73bf'),
  ...card(3, '0000:2d:00.0', '0x7340'),
};

/** Writes it into a directory. */
function writeMachine(directory: string): void {
  for (const [file, content] of Object.entries(MACHINE)) {
    const place = join(directory, file);
    mkdirSync(dirname(place), { recursive: true });
    if (String(content).startsWith('-> ')) symlinkSync(String(content).slice(3), place);
    else writeFileSync(place, `${content}\n`);
  }
}

describe.skipIf(CHROMIUM === undefined || process.platform !== 'linux')('sensors and cards on the page', () => {
  let browser: Browser;
  let served: ServedMachine;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hecate-named-'));
    const machine = join(folder, 'machine');
    writeMachine(machine);
    // Its files stand still, the page's clock does not.
    const host = { ...openRootedHost(machine), clock: openHost().clock };
    served = await serveMachine(host, folder, { platform: 'linux' });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await served.close();
  });

  const namesIn = async (page: Page): Promise<string[]> =>
    (await page.locator('[data-chart^="temperature."] .legend-label').allInnerTexts()).sort();

  test.each([1280, 390])('%i pixels wide: charts and rows have names that people know, addresses have ids', async (width) => {
    const { page, complaints, close } = await openPage(browser, served.url, { viewport: { width, height: 900 } });
    await page.locator('[data-connection="live"]').waitFor();
    const titleOf = (id: string): Promise<string> => page.locator(`[data-chart="gpu.${id}.usage_percent"] h3`).innerText();
    const radeon = 'Radeon RX 6800/6800 XT / 6900 XT';
    await eventually(() => titleOf('0000:2b:00.0')).toBe(`${radeon} 0000:2b:00.0 use`);
    expect(await titleOf('0000:2c:00.0')).toBe(`${radeon} 0000:2c:00.0 use`);
    // The list of PCI ids does not know every card.
    expect(await titleOf('0000:2d:00.0')).toBe('0000:2d:00.0 use');
    await eventually(() => namesIn(page)).toContain('coretemp Package id 0');
    const names = await namesIn(page);
    expect(names).toEqual(
      [
        'amdgpu 0000:2b:00.0 edge',
        'amdgpu 0000:2c:00.0 edge',
        'amdgpu 0000:2d:00.0 edge',
        `coretemp ${HOSTILE_NAME}\\x202e\\x1b[2J`,
        'coretemp Package id 0',
        'coretemp Package id 1',
        // Two sockets have a core 0, and one of them has two.
        'coretemp.0 Core 0 temp10',
        'coretemp.0 Core 0 temp2',
        'coretemp.1 Core 0',
        'nvme Composite',
      ].sort(),
    );
    expect(await page.locator('[data-chart="fan.0"] .legend-label').innerText()).toBe('nvme fan1');
    await eventually(() => page.locator('#machine').innerText()).toContain('coretemp.1 Core 0');
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false);
    // Names as long as drivers like push nothing out of its card.
    const sticking = page
      .locator('#charts-sensors .card')
      .evaluateAll((all) =>
        all.flatMap((one) =>
          [...one.querySelectorAll('.legend b')]
            .filter((value) => value.getBoundingClientRect().right > one.getBoundingClientRect().right)
            .map((value) => value.parentElement?.textContent),
        ),
      );
    expect(await sticking).toEqual([]);
    const cut = page
      .locator('#charts-sensors h3')
      .evaluateAll((all) =>
        all
          .filter((title) => title.scrollHeight > title.clientHeight || title.scrollWidth > title.clientWidth)
          .map((title) => title.textContent),
      );
    expect(await cut).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await close();
    expect(complaints).toEqual([]);
  });
});
