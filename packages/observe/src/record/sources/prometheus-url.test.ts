import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHost } from '@hecate/host';
import type { Clock } from '@hecate/host';
import { CPU_MODES, deriveRates, openSampler } from '@hecate/metrics';
import type { Snapshot } from '@hecate/metrics';
import { describe, expect, test } from 'vitest';
import { ENCODERS } from '../../export/encoders.ts';
import { COLUMN_INDEX } from '../columns.ts';
import { machineRow } from '../machine-row.ts';
import { freePort } from '../../free-port.testing.ts';
import { serve, servePage, serveTcp, stopServers } from './http-page.testing.ts';
import { MACTOP_PAGES } from './mactop.testing.ts';
import { openPrometheusSource } from './prometheus-url.ts';

const cells = (values: readonly (number | null)[]): Record<string, number> =>
  Object.fromEntries([...COLUMN_INDEX].flatMap(([name, index]) => (values[index] === null ? [] : [[name, values[index] as number]])));
const url = (port: number): string => `http://127.0.0.1:${port}/metrics`;

/** A clock whose time the test sets: rates then have exact values. */
function steppedClock(): Clock & { time: number } {
  const clock = { time: 1000, now: () => clock.time, monotonic: () => clock.time };
  return clock;
}

interface Machine {
  readonly user: number;
  readonly idle: number;
  readonly bytes: number;
  readonly stalled: number;
}

/** A page of node_exporter; `n` seconds have passed in every counter. */
function page({ user, idle, bytes, stalled }: Machine): string {
  const cpu = [0, 1].flatMap((core) =>
    [`user"} ${user}`, `idle"} ${idle}`, `iowait"} ${idle / 10}`, 'nice"} 0', 'system"} 7', 'irq"} 0', 'softirq"} 0', 'steal"} 0'].map(
      (rest) => `node_cpu_seconds_total{cpu="${core}",mode="${rest}`,
    ),
  );
  const disks = ['sda', 'sda1', 'nvme0n1', 'nvme0n1p2', 'dm-0', 'md0', 'loop3', 'zram0', 'ram1', 'sr0'].flatMap((device) => [
    `node_disk_read_bytes_total{device="${device}"} ${bytes}`,
    `node_disk_written_bytes_total{device="${device}"} ${2 * bytes}`,
    `node_disk_reads_completed_total{device="${device}"} ${bytes / 1000}`,
    `node_disk_read_time_seconds_total{device="${device}"} ${bytes / 1e6}`,
    `node_disk_writes_completed_total{device="${device}"} 5`,
    `node_disk_write_time_seconds_total{device="${device}"} 5`,
    `node_disk_io_time_seconds_total{device="${device}"} ${stalled}`,
  ]);
  const nets = ['lo', 'eth0', 'wlan0', 'docker0', 'veth12ab', 'br-9f', 'eth0.7'].flatMap((device) => [
    `node_network_receive_bytes_total{device="${device}"} ${bytes}`,
    `node_network_transmit_bytes_total{device="${device}"} ${3 * bytes}`,
    `node_network_receive_errs_total{device="${device}"} ${bytes / 1e4}`,
    `node_network_transmit_errs_total{device="${device}"} ${bytes / 1e4}`,
  ]);
  return [
    ...cpu,
    ...disks,
    ...nets,
    'node_load1 0.5',
    'node_load5 0.25',
    'node_load15 0.125',
    'node_memory_MemTotal_bytes 8e9',
    'node_memory_MemAvailable_bytes 6e9',
    'node_memory_Cached_bytes 1e9',
    'node_memory_SwapTotal_bytes 2e9',
    'node_memory_SwapFree_bytes 1.5e9',
    `node_pressure_cpu_waiting_seconds_total ${stalled}`,
    `node_pressure_io_stalled_seconds_total ${stalled / 2}`,
    `node_context_switches_total ${bytes}`,
    'node_procs_running 3',
    'node_procs_blocked 1',
    'node_processes_pids 120',
    'node_processes_threads 400',
    'node_filesystem_size_bytes{device="rootfs",fstype="rootfs",mountpoint="/"} 1',
    'node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 100',
    'node_filesystem_free_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 40',
    'node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 30',
    'node_filesystem_size_bytes{device="/dev/sdb",fstype="ext4",mountpoint="/data"} 5',
    '',
  ].join('\n');
}

describe("a page in node_exporter's names", () => {
  test('gauges as they are, counters as rates over the time that passed', async () => {
    const clock = steppedClock();
    let text = page({ user: 100, idle: 200, bytes: 1e6, stalled: 10 });
    const source = await openPrometheusSource(url(await servePage(() => text)), { clock });
    clock.time += 4;
    text = page({ user: 103, idle: 203, bytes: 3e6, stalled: 11 });
    const { time, values } = await source.read();
    await source.close();
    expect(time).toBe(1004);
    const { cpu_user_percent: user, cpu_usage_percent: usage, cpu_iowait_percent: iowait, ...rest } = cells(values);
    // 3 s of 3 + 3 + 0.3 on both cores.
    expect([user, usage, iowait]).toEqual([expect.closeTo(300 / 6.3, 9), expect.closeTo(300 / 6.3, 9), expect.closeTo(30 / 6.3, 9)]);
    expect(rest).toEqual({
      memory_used: 2e9,
      memory_total: 8e9,
      memory_available: 6e9,
      memory_cached: 1e9,
      memory_swap_used: 0.5e9,
      memory_swap_total: 2e9,
      load1: 0.5,
      load5: 0.25,
      load15: 0.125,
      cpu_system_percent: 0,
      cpu_steal_percent: 0,
      pressure_cpu_some_percent: 25,
      pressure_io_full_percent: 12.5,
      // sda and nvme0n1 only: 2 * 2e6 bytes in 4 s.
      disk_read_bytes_per_second: 1e6,
      disk_write_bytes_per_second: 2e6,
      disk_utilization_percent: 25,
      disk_read_latency_seconds: expect.closeTo(0.001, 9),
      // eth0 and wlan0 only.
      network_receive_bytes_per_second: 1e6,
      network_transmit_bytes_per_second: 3e6,
      network_errors_per_second: 200,
      context_switches_per_second: 0.5e6,
      processes_total: 120,
      processes_running: 3,
      processes_blocked: 1,
      threads_total: 400,
      root_filesystem_used_percent: expect.closeTo((60 / 90) * 100, 9),
    });
  });

  test('counters that started over, or a long gap: rates are unknown once, gauges stay', async () => {
    const clock = steppedClock();
    let text = page({ user: 100, idle: 200, bytes: 1e6, stalled: 10 });
    const source = await openPrometheusSource(url(await servePage(() => text)), { clock, interval: 1 });
    clock.time += 1;
    text = page({ user: 1, idle: 2, bytes: 10, stalled: 0 });
    const restarted = cells((await source.read()).values);
    expect(Object.keys(restarted).filter((name) => /cpu|per_second|latency|utilization|pressure/.test(name))).toEqual([]);
    expect(restarted).toMatchObject({ load1: 0.5, memory_total: 8e9 });
    clock.time += 60;
    text = page({ user: 2, idle: 62, bytes: 20, stalled: 0 });
    expect(cells((await source.read()).values)).not.toHaveProperty('cpu_usage_percent');
    clock.time += 2;
    text = page({ user: 4, idle: 62, bytes: 22, stalled: 0 });
    expect(cells((await source.read()).values)).toMatchObject({ cpu_usage_percent: 100, network_receive_bytes_per_second: 2 });
    await source.close();
  });

  test('a page that has little of it', async () => {
    const source = await openPrometheusSource(
      url(await servePage(() => 'node_load1 1\nnode_cpu_seconds_total{cpu="0",mode="idle"} NaN\n')),
    );
    expect(cells((await source.read()).values)).toEqual({});
    await source.close();
  });

  test('where there are only bridges they count', async () => {
    const clock = steppedClock();
    let bytes = 100;
    const source = await openPrometheusSource(
      url(
        await servePage(
          () =>
            `node_memory_MemTotal_bytes 1\n${['lo', 'bond0'].map((device) => `node_network_receive_bytes_total{device="${device}"} ${bytes}\n`).join('')}`,
        ),
      ),
      { clock },
    );
    clock.time += 1;
    bytes += 50;
    expect(cells((await source.read()).values)).toMatchObject({ network_receive_bytes_per_second: 50 });
    await source.close();
  });
});

/** A snapshot as a page tells it: read at one moment, and with the CPUs only one by one (the kernel's own sum is rounded otherwise). */
function asPage(snapshot: Snapshot): Snapshot {
  const { cpu } = snapshot;
  if (!cpu) throw new Error('The CPU times could not be read.');
  const total = { ...cpu.total };
  for (const mode of CPU_MODES) total[mode] = cpu.cores.reduce((sum, core) => sum + (core[mode] ?? 0), 0);
  return { ...snapshot, runs: [], cpu: { ...cpu, total } };
}

test.skipIf(process.platform !== 'linux').each([
  ['Prometheus', ENCODERS.prometheus],
  ['OpenMetrics', ENCODERS.openmetrics],
] as const)("hecate's own page in the format %s gives the row that hecate itself records", async (_, encoder) => {
  const host = openHost();
  const encode = (snapshot: Snapshot): string => encoder.encode({ snapshot, rates: deriveRates(null, snapshot), platform: host.platform });
  const sampler = openSampler(host);
  const clock = steppedClock();
  try {
    const before = await sampler.take(10);
    let text = encode(before);
    const port = await servePage(() => text);
    clock.time = before.monotonic;
    const source = await openPrometheusSource(url(port), { clock });
    await sleep(500);
    const after = await sampler.take(10);
    text = encode(after);
    clock.time = after.monotonic;
    const row = cells((await source.read()).values);
    await source.close();
    const own = cells(machineRow(after, deriveRates(asPage(before), asPage(after))));
    expect(Object.keys(row)).toEqual(Object.keys(own));
    for (const [name, value] of Object.entries(own))
      expect(Math.abs(row[name]! - value), name).toBeLessThanOrEqual(Math.abs(value) * 1e-6 + 1e-6);
  } finally {
    sampler.close();
  }
});

describe('other pages', () => {
  test('mactop and macmon are known by their names', async () => {
    const mactop = await openPrometheusSource(url(await servePage(() => MACTOP_PAGES['2.1.3']!)));
    expect(cells((await mactop.read()).values)).toMatchObject({ cpu_usage_percent: 12.5, network_receive_bytes_per_second: 2048 });
    await mactop.close();
    const macmon = await openPrometheusSource(url(await servePage(() => 'macmon_memory_ram_total_bytes 5\nmacmon_cpu_power_watts 1\n')));
    expect(cells((await macmon.read()).values)).toEqual({ memory_total: 5, cpu_power_watts: 1 });
    await macmon.close();
  });

  test('load of one minute alone makes no row, and is no page to record', async () => {
    await expect(openPrometheusSource(url(await servePage(() => 'node_load1 1\n')))).rejects.toMatchObject({ code: 'INVALID' });
  });

  test('an address without a path means /metrics', async () => {
    const port = await serve((request, response) =>
      response.writeHead(request.url === '/metrics' ? 200 : 404).end('node_load1 1\nnode_load5 2\nnode_load15 3\n'),
    );
    const source = await openPrometheusSource(`http://127.0.0.1:${port}`);
    expect(source.name).toBe(url(port));
    await source.close();
  });

  test.each([
    ['metrics of something else', 'prometheus_build_info 1\n', 'shows no metrics that can be recorded'],
    ['no metrics', '<!doctype html><html></html>', 'shows no Prometheus metrics'],
    ['nothing', '', 'shows no Prometheus metrics'],
  ])('%s: refused', async (_, text, words) => {
    await expect(openPrometheusSource(url(await servePage(() => text)))).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining(words),
    });
  });

  test.each(['', 'localhost:9100', 'file:///etc/passwd', 'ftp://localhost/', 'http://', '/metrics'])(
    '%j is no address',
    async (address) => {
      await expect(openPrometheusSource(address)).rejects.toMatchObject({
        code: 'INVALID',
        hint: expect.stringContaining('http://localhost:9100/metrics'),
      });
    },
  );

  test('nothing that listens, or a server that is silent', async () => {
    await expect(openPrometheusSource(url(await freePort()))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(openPrometheusSource(url(await serveTcp(() => undefined)), { timeout: 0.1 })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  test('after an outage rates are over the whole of it', async () => {
    const clock = steppedClock();
    const port = await servePage(() => page({ user: 0, idle: 0, bytes: 0, stalled: 0 }));
    const source = await openPrometheusSource(url(port), { clock });
    await stopServers();
    clock.time += 1;
    await expect(source.read()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await servePage(() => page({ user: 0, idle: 10, bytes: 1000, stalled: 0 }), port);
    clock.time += 9;
    expect(cells((await source.read()).values)).toMatchObject({
      cpu_usage_percent: expect.closeTo(0, 9),
      context_switches_per_second: 100,
    });
    await source.close();
  });
});

const exporter = ['prometheus-node-exporter', 'node_exporter'].find((program) => spawnSync(program, ['--version']).status === 0);
if (!exporter) console.warn('Skipped: the test against node_exporter needs it. Install the Debian package prometheus-node-exporter.');

test.skipIf(!exporter || process.platform !== 'linux')('the real node_exporter says what /proc says', async () => {
  const port = await freePort();
  const child = spawn(exporter!, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  try {
    const open = async (): ReturnType<typeof openPrometheusSource> => {
      for (let tries = 0; ; tries++) {
        try {
          return await openPrometheusSource(url(port));
        } catch (error) {
          if (tries === 100) throw error;
          await sleep(100);
        }
      }
    };
    const source = await open();
    await sleep(300);
    const row = cells((await source.read()).values);
    await source.close();
    const kib = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/meminfo', 'utf8'))![1]) * 1024;
    expect(row['memory_total']).toBe(kib('MemTotal'));
    expect(row['memory_swap_total']).toBe(kib('SwapTotal'));
    expect(row['memory_used']).toBeCloseTo(row['memory_total']! - row['memory_available']!, 0);
    const shares = ['cpu_usage_percent', 'cpu_user_percent', 'cpu_system_percent', 'cpu_iowait_percent', 'cpu_steal_percent'];
    for (const name of shares) {
      expect(row[name]).toBeGreaterThanOrEqual(0);
      expect(row[name]).toBeLessThanOrEqual(100);
    }
    for (const name of [
      'load1',
      'load5',
      'load15',
      'context_switches_per_second',
      'network_receive_bytes_per_second',
      'processes_running',
      'processes_blocked',
    ]) {
      expect(row[name], name).toBeGreaterThanOrEqual(0);
    }
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});
