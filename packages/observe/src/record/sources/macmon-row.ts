import { columnRow, measured, times } from './column-row.ts';
import type { Series } from './series.ts';

/** Whether a page is that of `macmon serve`: every version since 0.7 has these. */
export function isMacmon(series: Series): boolean {
  return series.has('macmon_memory_ram_total_bytes') && series.has('macmon_cpu_power_watts');
}

/**
 * The row of a page of macmon (src_app/serve.rs of vladkens/macmon). Ratios are 0 to 1. Busy time is `*_active_ratio`; `*_scaled_ratio`,
 * and `*_usage_ratio` before 0.8, weigh it by the clock, so that a busy slow core counts less: they stand in where there is no other.
 * A temperature or a system power of 0 is a sensor that could not be read.
 */
export function macmonRow(series: Series): (number | null)[] {
  const usage = (unit: 'cpu' | 'gpu'): number | null =>
    times(
      series.value(`macmon_${unit}_active_ratio`) ??
        series.value(`macmon_${unit}_scaled_ratio`) ??
        series.value(`macmon_${unit}_usage_ratio`),
      100,
    );
  return columnRow({
    cpu_usage_percent: usage('cpu'),
    gpu_usage_percent: usage('gpu'),
    memory_used: series.value('macmon_memory_ram_used_bytes'),
    memory_total: series.value('macmon_memory_ram_total_bytes'),
    memory_swap_used: series.value('macmon_memory_swap_used_bytes'),
    memory_swap_total: series.value('macmon_memory_swap_total_bytes'),
    cpu_power_watts: series.value('macmon_cpu_power_watts'),
    gpu_power_watts: series.value('macmon_gpu_power_watts'),
    ane_power_watts: series.value('macmon_ane_power_watts'),
    dram_power_watts: series.value('macmon_ram_power_watts'),
    system_power_watts: measured(series.value('macmon_sys_power_watts')),
    cpu_temperature_celsius: measured(series.value('macmon_cpu_temp_celsius')),
    gpu_temperature_celsius: measured(series.value('macmon_gpu_temp_celsius')),
    gpu_frequency_hertz: times(series.value('macmon_gpu_freq_mhz'), 1e6),
  });
}
