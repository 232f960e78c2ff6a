import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The page of metrics that each version of mactop shows; the numbers are made up, names and units are the versions' own. */
export const MACTOP_PAGES: Readonly<Record<string, string>> = {
  '0.2.3': page([
    ['mactop_cpu_usage_percent', 12.5],
    ['mactop_gpu_usage_percent', 7],
    ['mactop_gpu_freq_mhz', 444],
    ...power({ cpu: 1.5, gpu: 0.25, total: 1.75 }),
    ...memory(),
  ]),
  '0.2.7': page([
    ['mactop_cpu_usage_percent', 12.5],
    ['mactop_gpu_usage_percent', 7],
    ['mactop_gpu_freq_mhz', 444],
    ...power({ cpu: 1.5, gpu: 0.25, total: 1.75, ane: 0.125, dram: 0.5, gpu_sram: 0, system: 9 }),
    ...memory(),
    ['mactop_ecore_usage_percent', 20],
    ['mactop_pcore_usage_percent', 5],
    ['mactop_soc_temp_celsius', 41.5],
    ['mactop_gpu_temperature_celsius', 39.5],
    ['mactop_thermal_state', 0],
    ...rates(2048, 1024, 4, 2),
    ['mactop_disk_iops{operation="read"}', 9],
  ]),
  '2.1.3': page([
    ['mactop_cpu_usage_percent', 12.5],
    ['mactop_gpu_usage_percent', 7],
    ['mactop_gpu_freq_mhz', 444],
    ...power({ cpu: 1.5, gpu: 0.25, total: 1.75, ane: 0.125, dram: 0.5, gpu_sram: 0, system: 9 }),
    ...memory(),
    ['mactop_soc_temp_celsius', 41.5],
    ['mactop_gpu_temp_celsius', 39.5],
    ...rates(2048, 1024, 4096, 2048),
    ['mactop_system_info{model="Apple M3",core_count="8"}', 1],
    ['mactop_rdma_available', 0],
    ['mactop_fan_rpm{fan_id="0",fan_name="F"}', 1300],
  ]),
  '2.1.4': page([
    ['mactop_cpu_usage_percent', 12.5],
    ['mactop_gpu_usage_percent', 7],
    ['mactop_gpu_freq_mhz', 444],
    ...power({ cpu: 1.5, gpu: 0.25, total: 9, ane: 0.125, dram: 0.5, gpu_sram: 0, system: 9 }),
    ...memory(),
    ['mactop_soc_temp_celsius', 41.5],
    ['mactop_gpu_temp_celsius', 39.5],
    ...rates(2, 1, 4, 2),
    ['mactop_system_info{model="Apple M5",core_count="10"}', 1],
    ['mactop_battery_percent', -1],
    ['mactop_battery_charging', 0],
    ['mactop_dram_bandwidth_source{source="amc"}', 1],
  ]),
};

/** What 2.1.4 shows before it has measured: every series, at zero. */
export const MACTOP_BEFORE_MEASURING: string = MACTOP_PAGES['2.1.4']!.replace(/ \S+$/gm, ' 0');

function page(series: readonly (readonly [string, number])[]): string {
  return `# HELP go_goroutines Number of goroutines.\n# TYPE go_goroutines gauge\ngo_goroutines 12\n${series.map(([name, value]) => `${name} ${value}\n`).join('')}`;
}

function power(watts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(watts).map(([component, value]) => [`mactop_power_watts{component="${component}"}`, value]);
}

function memory(): [string, number][] {
  const sizes = { used: 12.25, total: 16, swap_used: 0.5, swap_total: 2 };
  return Object.entries(sizes).map(([type, value]) => [`mactop_memory_gb{type="${type}"}`, value]);
}

function rates(download: number, upload: number, read: number, write: number): [string, number][] {
  return [
    ['mactop_network_kbytes_per_sec{direction="download"}', download],
    ['mactop_network_kbytes_per_sec{direction="upload"}', upload],
    ['mactop_disk_kbytes_per_sec{operation="read"}', read],
    ['mactop_disk_kbytes_per_sec{operation="write"}', write],
  ];
}

/**
 * Puts programs into a directory that stand for what this machine cannot have: `sudo`, which runs what it is told and logs it into
 * `sudo.log`, and `mactop`, which serves a page like the real one. `mactop` is left out when `page` is null.
 */
export function installFakes(
  directory: string,
  options: { page: string | null; sudo?: 'relays' | 'ignores signals' | 'refuses'; mactop?: 'serves' | 'ends' | 'hangs' },
): void {
  const { page: text, sudo = 'relays', mactop = 'serves' } = options;
  const install = (name: string, lines: readonly string[]): void => {
    const file = path.join(directory, name);
    writeFileSync(file, `#!${process.execPath}\n${lines.join('\n')}\n`);
    chmodSync(file, 0o755);
  };
  install('sudo', [
    `require('node:fs').appendFileSync(${JSON.stringify(path.join(directory, 'sudo.log'))}, process.argv.slice(2).join(' ') + '\\n');`,
    ...(sudo === 'refuses' ? ['process.exit(1);'] : []),
    `const [program, ...args] = process.argv.slice(2);`,
    `const child = require('node:child_process').spawn(program, args, { stdio: 'inherit' });`,
    `child.on('exit', (code, signal) => process.exit(code ?? 1));`,
    `process.on('SIGTERM', () => ${sudo === 'relays' ? `child.kill('SIGTERM')` : 'undefined'});`,
  ]);
  if (text === null) return;
  const bodies = {
    serves: [
      `const [flag, port, interval, milliseconds] = process.argv.slice(2);`,
      `if (flag !== '-p' || interval !== '-i' || milliseconds !== '250') process.exit(9);`,
      `require('node:http').createServer((request, response) => response.end(request.url === '/metrics' ? ${JSON.stringify(text)} : 'x')).listen(Number(port), '127.0.0.1');`,
    ],
    ends: [`process.exit(3);`],
    hangs: [`setInterval(() => {}, 1000);`],
  };
  install('mactop', bodies[mactop]);
}
