import { columnRow, measured, times } from './column-row.ts';
import type { Series } from './series.ts';

const GIB = 2 ** 30;
const KIB = 1024;

/** Whether a page is mactop's. Its first page may still lack the series with labels. */
export function isMactop(series: Series): boolean {
  return series.hasPrefix('mactop_');
}

/** Whether mactop has measured yet: before, there is no memory or, from 2.1.4 on, one of 0. */
export function mactopIsReady(series: Series): boolean {
  return (series.value('mactop_memory_gb', { type: 'total' }) ?? 0) > 0;
}

/**
 * What the values of `mactop_network_kbytes_per_sec` and `mactop_disk_kbytes_per_sec` must be multiplied by to get bytes/s.
 * The names say kbytes in every version; the values were something else, told apart by the series that came with each version:
 * - from 2.1.4 (has `mactop_battery_percent` and `mactop_dram_bandwidth_source`): both are KiB/s
 * - 2.0.2 to 2.1.3 (has `mactop_system_info`, `mactop_rdma_available`, `mactop_thunderbolt_network_bytes_per_sec`): both are bytes/s
 * - 0.2.5 to 0.2.7: the network is bytes/s, the disk KiB/s. 2.0.0 and 2.0.1 have the same series, but their disk is bytes/s:
 *   a page does not tell, and they count as 0.2.7, which was out for longer
 */
function mactopRateFactors(series: Series): { readonly network: number; readonly disk: number } {
  if (series.has('mactop_battery_percent') || series.has('mactop_dram_bandwidth_source')) return { network: KIB, disk: KIB };
  const second = ['mactop_system_info', 'mactop_rdma_available', 'mactop_thunderbolt_network_bytes_per_sec'].some((name) =>
    series.has(name),
  );
  return { network: 1, disk: second ? 1 : KIB };
}

/**
 * The row of a page of mactop. `mactop_memory_gb` is GiB in every version. A temperature or a system power of 0 is a sensor that
 * could not be read. The GPU's temperature was renamed in 2.1.0. What mactop does not know (load, pressure, processes) is null.
 */
export function mactopRow(series: Series): (number | null)[] {
  const { network, disk } = mactopRateFactors(series);
  const memory = (type: string): number | null => times(series.value('mactop_memory_gb', { type }), GIB);
  const power = (component: string): number | null => series.value('mactop_power_watts', { component });
  const net = (direction: string): number | null => times(series.value('mactop_network_kbytes_per_sec', { direction }), network);
  const io = (operation: string): number | null => times(series.value('mactop_disk_kbytes_per_sec', { operation }), disk);
  return columnRow({
    cpu_usage_percent: series.value('mactop_cpu_usage_percent'),
    gpu_usage_percent: series.value('mactop_gpu_usage_percent'),
    memory_used: memory('used'),
    memory_total: memory('total'),
    memory_swap_used: memory('swap_used'),
    memory_swap_total: memory('swap_total'),
    disk_read_bytes_per_second: io('read'),
    disk_write_bytes_per_second: io('write'),
    network_receive_bytes_per_second: net('download'),
    network_transmit_bytes_per_second: net('upload'),
    cpu_power_watts: power('cpu'),
    gpu_power_watts: power('gpu'),
    ane_power_watts: power('ane'),
    dram_power_watts: power('dram'),
    system_power_watts: measured(power('system')),
    cpu_temperature_celsius: measured(series.value('mactop_soc_temp_celsius')),
    gpu_temperature_celsius: measured(series.value('mactop_gpu_temp_celsius') ?? series.value('mactop_gpu_temperature_celsius')),
    gpu_frequency_hertz: times(series.value('mactop_gpu_freq_mhz'), 1e6),
  });
}
