import { expect, test } from 'vitest';
import { COLUMN_INDEX } from '../columns.ts';
import { freePort } from '../../free-port.testing.ts';
import { serve, servePage } from './http-page.testing.ts';
import { openMacmonSource } from './macmon.ts';

/** The page of macmon 0.8, as src_app/serve.rs writes it: blank lines between families, a label `chip`. */
const PAGE = Object.entries({
  cpu_temp_celsius: 43.5,
  gpu_temp_celsius: 0,
  memory_ram_total_bytes: 17179869184,
  memory_ram_used_bytes: 12884901888,
  memory_swap_total_bytes: 2147483648,
  memory_swap_used_bytes: 0,
  cpu_scaled_ratio: 0.11,
  cpu_usage_ratio: 0.11,
  cpu_active_ratio: 0.25,
  gpu_freq_mhz: 461,
  gpu_scaled_ratio: 0.02,
  gpu_usage_ratio: 0.02,
  gpu_active_ratio: 0.05,
  cpu_power_watts: 0.5,
  gpu_power_watts: 0.125,
  ane_power_watts: 0,
  all_power_watts: 0.625,
  sys_power_watts: 6.25,
  ram_power_watts: 0.375,
  gpu_ram_power_watts: 0.001,
})
  .map(
    ([name, value]) =>
      `# HELP macmon_${name} Help (0–1)\n# TYPE macmon_${name} gauge\nmacmon_${name}{chip="Apple M3 \\"Pro\\""} ${value}\n\n`,
  )
  .join('');

const cell = (values: readonly (number | null)[], name: string): number | null | undefined => values[COLUMN_INDEX.get(name) ?? -1];

test('the row of a page', async () => {
  const source = await openMacmonSource({ port: await servePage(() => PAGE) });
  const { values } = await source.read();
  await source.close();
  expect(
    Object.fromEntries([...COLUMN_INDEX.keys()].flatMap((name) => (cell(values, name) === null ? [] : [[name, cell(values, name)]]))),
  ).toEqual({
    cpu_usage_percent: 25,
    gpu_usage_percent: 5,
    memory_used: 12884901888,
    memory_total: 17179869184,
    memory_swap_used: 0,
    memory_swap_total: 2147483648,
    cpu_power_watts: 0.5,
    gpu_power_watts: 0.125,
    ane_power_watts: 0,
    dram_power_watts: 0.375,
    system_power_watts: 6.25,
    cpu_temperature_celsius: 43.5,
    gpu_frequency_hertz: 461e6,
  });
});

test('before 0.8 there was only the ratio weighed by the clock', async () => {
  const older = PAGE.split('\n')
    .filter((line) => !/active|scaled/.test(line))
    .join('\n');
  const source = await openMacmonSource({ port: await servePage(() => older) });
  const { values } = await source.read();
  await source.close();
  expect(cell(values, 'cpu_usage_percent')).toBe(11);
});

test('nothing that answers, no data yet, another program', async () => {
  await expect(openMacmonSource({ port: await freePort() })).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    hint: expect.stringContaining('macmon serve -p'),
  });
  const starting = await serve((_, response) =>
    response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"no data yet"}'),
  );
  await expect(openMacmonSource({ port: starting })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const prometheus = await servePage(() => 'prometheus_build_info{version="3"} 1\n');
  await expect(openMacmonSource({ port: prometheus })).rejects.toMatchObject({ code: 'CONFLICT', hint: expect.stringContaining('--port') });
});
