/** What a number of a day file is. `percent` columns are the ones that can be saturated. */
export type ColumnUnit =
  | 'percent'
  | 'bytes'
  | 'bytes/second'
  | 'count'
  | 'count/second'
  | 'seconds'
  | 'watts'
  | 'celsius'
  | 'hertz'
  | 'load';

/** One column of a day file. */
export interface Column {
  readonly name: string;
  readonly unit: ColumnUnit;
  /** One sentence that defines it. */
  readonly help: string;
  /** Decimals that are written; fewer digits compress better and say no less. */
  readonly decimals: number;
}

const column = (name: string, unit: ColumnUnit, decimals: number, help: string): Column => ({ name, unit, decimals, help });

/** The columns of a day file after `timestamp`, in order. An unknown value is an empty cell. */
export const COLUMNS: readonly Column[] = [
  column('cpu_usage_percent', 'percent', 2, 'CPU time that was neither idle nor waiting for I/O, of all cores.'),
  column('gpu_usage_percent', 'percent', 2, 'Busy time of the busiest GPU.'),
  column('memory_used', 'bytes', 0, 'Memory that programs hold: total - available.'),
  column('memory_total', 'bytes', 0, 'Memory that the kernel can use.'),
  column('memory_swap_used', 'bytes', 0, 'Swap in use.'),
  column('memory_swap_total', 'bytes', 0, 'Size of swap.'),
  column('load1', 'load', 2, 'Load average over 1 minute.'),
  column('load5', 'load', 2, 'Load average over 5 minutes.'),
  column('load15', 'load', 2, 'Load average over 15 minutes.'),
  column('cpu_user_percent', 'percent', 2, 'CPU time in user mode, nice included.'),
  column('cpu_system_percent', 'percent', 2, 'CPU time in the kernel, interrupts included.'),
  column('cpu_iowait_percent', 'percent', 2, 'Idle CPU time while a task waited for I/O.'),
  column('cpu_steal_percent', 'percent', 2, 'CPU time that the hypervisor gave to others.'),
  column('memory_available', 'bytes', 0, 'Memory that programs can still get without swapping.'),
  column('memory_cached', 'bytes', 0, 'Cache of files.'),
  column('pressure_cpu_some_percent', 'percent', 2, 'Time in which a task waited for a CPU.'),
  column('pressure_memory_some_percent', 'percent', 2, 'Time in which a task waited for memory.'),
  column('pressure_memory_full_percent', 'percent', 2, 'Time in which every task waited for memory.'),
  column('pressure_io_some_percent', 'percent', 2, 'Time in which a task waited for I/O.'),
  column('pressure_io_full_percent', 'percent', 2, 'Time in which every task waited for I/O.'),
  column('disk_read_bytes_per_second', 'bytes/second', 0, 'Bytes read from physical disks.'),
  column('disk_write_bytes_per_second', 'bytes/second', 0, 'Bytes written to physical disks.'),
  column('disk_utilization_percent', 'percent', 2, 'Time in which the busiest physical disk had a request in flight.'),
  column('disk_read_latency_seconds', 'seconds', 6, 'Mean time of a read.'),
  column('disk_write_latency_seconds', 'seconds', 6, 'Mean time of a write.'),
  column(
    'network_receive_bytes_per_second',
    'bytes/second',
    0,
    'Bytes received, over hardware interfaces (over all but the loopback where there are none).',
  ),
  column(
    'network_transmit_bytes_per_second',
    'bytes/second',
    0,
    'Bytes sent, over hardware interfaces (over all but the loopback where there are none).',
  ),
  column(
    'network_errors_per_second',
    'count/second',
    2,
    'Packets with errors, over hardware interfaces (over all but the loopback where there are none).',
  ),
  column('context_switches_per_second', 'count/second', 0, 'Context switches.'),
  column('processes_total', 'count', 0, 'Processes.'),
  column('processes_running', 'count', 0, 'Threads that run or could run.'),
  column('processes_blocked', 'count', 0, 'Threads that wait for I/O.'),
  column('threads_total', 'count', 0, 'Threads.'),
  column('root_filesystem_used_percent', 'percent', 2, 'Space of / in use, as df counts it.'),
  column('cpu_power_watts', 'watts', 3, 'Power of the CPU.'),
  column('gpu_power_watts', 'watts', 3, 'Power of all GPUs that tell.'),
  column('ane_power_watts', 'watts', 3, 'Power of the neural engine.'),
  column('dram_power_watts', 'watts', 3, 'Power of the memory.'),
  column('system_power_watts', 'watts', 3, 'Power of the whole machine.'),
  column('cpu_temperature_celsius', 'celsius', 1, 'Temperature of the CPU.'),
  column('gpu_temperature_celsius', 'celsius', 1, 'Temperature of the hottest GPU.'),
  column('gpu_frequency_hertz', 'hertz', 0, 'Clock of the fastest GPU.'),
];

/** Position of each column in {@link COLUMNS}. */
export const COLUMN_INDEX: ReadonlyMap<string, number> = new Map(COLUMNS.map(({ name }, index) => [name, index]));
