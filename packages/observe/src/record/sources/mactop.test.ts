import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COLUMNS } from '../columns.ts';
import { temporary } from '../recorder.testing.ts';
import { freePort } from '../../free-port.testing.ts';
import { servePage, serveTcp, stopServers } from './http-page.testing.ts';
import { installFakes, MACTOP_BEFORE_MEASURING, MACTOP_PAGES } from './mactop.testing.ts';
import { mactopRow } from './mactop-row.ts';
import { openMactopSource } from './mactop.ts';
import { parsePrometheus } from './prometheus.ts';
import { seriesOf } from './series.ts';

const named = (values: readonly (number | null)[]): Record<string, number> =>
  Object.fromEntries(COLUMNS.flatMap(({ name }, index) => (values[index] === null ? [] : [[name, values[index] as number]])));
const rowOf = (page: string): Record<string, number> => named(mactopRow(seriesOf(parsePrometheus(page).samples)));

const FIRST = {
  cpu_usage_percent: 12.5,
  gpu_usage_percent: 7,
  gpu_frequency_hertz: 444e6,
  memory_used: 12.25 * 2 ** 30,
  memory_total: 2 ** 34,
  memory_swap_used: 2 ** 29,
  memory_swap_total: 2 ** 31,
  cpu_power_watts: 1.5,
  gpu_power_watts: 0.25,
};
const LATER = {
  ...FIRST,
  ane_power_watts: 0.125,
  dram_power_watts: 0.5,
  system_power_watts: 9,
  cpu_temperature_celsius: 41.5,
  gpu_temperature_celsius: 39.5,
  network_receive_bytes_per_second: 2048,
  network_transmit_bytes_per_second: 1024,
  disk_read_bytes_per_second: 4096,
  disk_write_bytes_per_second: 2048,
};

describe('the row of a page', () => {
  test('0.2.3 has the first few series', () => expect(rowOf(MACTOP_PAGES['0.2.3']!)).toEqual(FIRST));
  test.each(['0.2.7', '2.1.3', '2.1.4'])('%s: the same machine, in other units', (version) =>
    expect(rowOf(MACTOP_PAGES[version]!)).toEqual(LATER),
  );
  test('sensors that say 0 are unknown, as are NaN and infinities', () => {
    const row = rowOf(
      MACTOP_PAGES['2.1.4']!.replace('mactop_soc_temp_celsius 41.5', 'mactop_soc_temp_celsius 0')
        .replace('{component="system"} 9', '{component="system"} 0')
        .replace('mactop_gpu_usage_percent 7', 'mactop_gpu_usage_percent NaN')
        .replace('{component="cpu"} 1.5', '{component="cpu"} +Inf'),
    );
    for (const name of ['cpu_temperature_celsius', 'system_power_watts', 'gpu_usage_percent', 'cpu_power_watts'])
      expect(row).not.toHaveProperty(name);
    expect(row).toMatchObject({ cpu_usage_percent: 12.5, gpu_power_watts: 0.25 });
  });
});

describe('opening', () => {
  const before = process.env['PATH'];
  let programs = '';
  let said: string[] = [];
  const say = (sentence: string): void => void said.push(sentence);
  beforeEach(() => {
    programs = temporary();
    said = [];
    // Only the fakes, and ps for the list of processes.
    process.env['PATH'] = `${programs}:/bin:/usr/bin`;
  });
  afterEach(() => {
    process.env['PATH'] = before;
  });
  const sudoLog = (): string[] => readFileSync(path.join(programs, 'sudo.log'), 'utf8').trimEnd().split('\n');

  test('a mactop that runs is used and left running', async () => {
    const port = await servePage(() => MACTOP_PAGES['2.1.4']!);
    const source = await openMactopSource({ port, say });
    expect(source.name).toBe(`mactop at http://localhost:${port}/metrics`);
    const now = Date.now() / 1000;
    const row = await source.read();
    expect(Math.abs(row.time - now)).toBeLessThan(60);
    expect(named(row.values)).toEqual(LATER);
    await source.close();
    await source.close();
    expect(said).toEqual([]);
    await openMactopSource({ port, say }).then((again) => again.close());
  });

  test.each(['relays', 'ignores signals'] as const)(
    'when nothing answers mactop is started with sudo and stopped on close: sudo %s',
    async (sudo) => {
      installFakes(programs, { page: MACTOP_PAGES['2.1.3']!, sudo });
      const port = await freePort();
      const source = await openMactopSource({ port, say });
      expect(said).toEqual([`Nothing answers on port ${port}. mactop is started with sudo: sudo mactop -p ${port} -i 250`]);
      expect(sudoLog()).toEqual([`mactop -p ${port} -i 250`]);
      expect(named((await source.read()).values)).toEqual(LATER);
      await source.close();
      await source.close();
      if (sudo === 'ignores signals') expect(sudoLog()[1]).toMatch(/^kill -TERM \d+$/);
      else expect(sudoLog()).toHaveLength(1);
      expect(said).toHaveLength(1);
      // Its port is free again: it has ended.
      await servePage(() => MACTOP_PAGES['2.1.3']!, port);
    },
  );

  test('mactop is not installed', async () => {
    installFakes(programs, { page: null });
    await expect(openMactopSource({ port: await freePort(), say })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'mactop is not installed.',
      hint: expect.stringContaining('https://github.com/metaspartan/mactop'),
    });
    expect(said).toEqual([]);
  });

  test('sudo is not installed', async () => {
    const only = temporary();
    writeFileSync(path.join(only, 'mactop'), '', { mode: 0o755 });
    process.env['PATH'] = only;
    await expect(openMactopSource({ port: await freePort() })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: 'sudo is not installed.',
    });
  });

  test('sudo refuses, or mactop ends at once', async () => {
    for (const [fakes, status] of [
      [{ sudo: 'refuses' }, 1],
      [{ mactop: 'ends' }, 3],
    ] as const) {
      installFakes(programs, { page: '', ...fakes });
      await expect(openMactopSource({ port: await freePort(), say })).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringMatching(new RegExp(`could not be started: sudo mactop -p \\d+ -i 250 ended with status ${status}`)),
      });
    }
  });

  test('mactop that does not come up in time is stopped again', async () => {
    installFakes(programs, { page: '', mactop: 'hangs' });
    await expect(openMactopSource({ port: await freePort(), say, patience: 0.5 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('does not answer'),
    });
    expect(said).toHaveLength(1);
  });

  test('giving up while mactop starts stops it', async () => {
    installFakes(programs, { page: '', mactop: 'hangs' });
    const controller = new AbortController();
    const opening = openMactopSource({
      port: await freePort(),
      signal: controller.signal,
      say: () => setTimeout(() => controller.abort(new Error('enough')), 50),
    });
    await expect(opening).rejects.toThrow('enough');
  });

  test('zeros before the first measurement are waited for, not recorded', async () => {
    let page = MACTOP_BEFORE_MEASURING;
    const port = await servePage(() => {
      const now = page;
      page = MACTOP_PAGES['2.1.4']!;
      return now;
    });
    const source = await openMactopSource({ port });
    expect(named((await source.read()).values)).toEqual(LATER);
    page = MACTOP_BEFORE_MEASURING;
    await expect(source.read()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await source.close();
    page = MACTOP_BEFORE_MEASURING;
    const never = await servePage(() => MACTOP_BEFORE_MEASURING);
    await expect(openMactopSource({ port: never, patience: 0.3 })).rejects.toMatchObject({
      message: expect.stringContaining('shows no values'),
    });
  });

  test('anything else on the port is a conflict', async () => {
    const ports = [
      await servePage(() => 'node_load1 0.5\n'),
      await servePage(() => '<html></html>'),
      await servePage(() => 'go_goroutines 7\nprocess_open_fds 3\n'),
      await serveTcp((socket) => socket.end('220 mail.example ESMTP\r\n')),
    ];
    for (const port of ports)
      await expect(openMactopSource({ port, say })).rejects.toMatchObject({ code: 'CONFLICT', hint: expect.stringContaining('--port') });
    expect(said).toEqual([]);
  });

  test('an outage is an error of that read; the next one may succeed', async () => {
    const port = await servePage(() => MACTOP_PAGES['2.1.4']!);
    const source = await openMactopSource({ port });
    await stopServers();
    await expect(source.read()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await servePage(() => MACTOP_PAGES['2.1.4']!, port);
    expect(named((await source.read()).values)).toEqual(LATER);
    await source.close();
  });

  test('mactop that we started and that ended says so', async () => {
    installFakes(programs, { page: MACTOP_PAGES['2.1.4']! });
    const source = await openMactopSource({ port: await freePort(), say });
    await source.close();
    await expect(source.read()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringMatching(/^mactop (ended with status|was ended by)/),
    });
  });

  test('impossible ports, and a mactop elsewhere', async () => {
    for (const port of [0, 65_536, 1.5, Number.NaN]) await expect(openMactopSource({ port })).rejects.toMatchObject({ code: 'INVALID' });
    installFakes(programs, { page: '' });
    await expect(openMactopSource({ port: await freePort(), host: '127.0.0.2', say })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      hint: expect.stringContaining('Start mactop there'),
    });
    expect(said).toEqual([]);
  });
});
