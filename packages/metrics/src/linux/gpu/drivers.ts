import type { GpuReading } from '../../domain/gpu.ts';
import type { Attributes } from '../attribute.ts';

/** What a driver tells of a card. */
export type Told = Partial<GpuReading>;

/** The files that a card is asked through: of its device, of the card itself, of its sensors. */
export interface CardFiles {
  readonly device: Attributes;
  readonly card: Attributes;
  /** Null without sensors. */
  readonly monitor: Attributes | null;
}

const KILO = 1e3;
const MEGA = 1e6;
/** `pwm1` of hwmon goes to this. */
const FULL = 255;

const scaled = (value: number | null | undefined, scale: number): number | null =>
  value === null || value === undefined || value < 0 ? null : value * scale;
const share = (percent: number | null): number | null => (percent === null || percent < 0 ? null : Math.min(1, percent / 100));

/** Levels of a clock: `1: 700Mhz *`; the star is at the one that holds. Hertz. */
export function parseLevels(text: string): { readonly current: number | null; readonly max: number | null } {
  let current: number | null = null;
  let max: number | null = null;
  for (const line of text.split('\n')) {
    const { mega, star } = /^\s*\w{1,3}: (?<mega>\d{1,5})Mhz\s*(?<star>\*?)/i.exec(line)?.groups ?? {};
    if (mega === undefined) continue;
    const hertz = Number(mega) * MEGA;
    max = Math.max(max ?? 0, hertz);
    if (star === '*') current = hertz;
  }
  return { current, max };
}

/** What sensors say in any driver (kernel: Documentation/hwmon/sysfs-interface.rst): microwatts, microjoules, millidegrees, hertz. */
function sensorsOf(monitor: Attributes | null): Told {
  if (!monitor) return {};
  const { number } = monitor;
  const pwm = number('pwm1');
  return {
    power: scaled(number('power1_average') ?? number('power1_input'), 1 / MEGA),
    powerLimit: scaled(number('power1_cap') ?? number('power1_max'), 1 / MEGA),
    energy: scaled(number('energy1_input'), 1 / MEGA),
    temperature: scaled(number('temp1_input') ?? number('temp2_input'), 1 / KILO),
    fan: pwm === null || pwm < 0 ? null : Math.min(1, pwm / FULL),
    fanSpeed: scaled(number('fan1_input'), 1),
  };
}

/** amdgpu (kernel: Documentation/gpu/amdgpu/thermal.rst, driver-misc.rst). `levels` are the texts of its two clocks. */
function amdgpu({ device, monitor }: CardFiles, levels: (file: string) => string | null): Told {
  const { number, text } = device;
  const core = parseLevels(levels('pp_dpm_sclk') ?? '');
  const memory = parseLevels(levels('pp_dpm_mclk') ?? '');
  const own = number('mem_info_vram_total');
  return {
    ...sensorsOf(monitor),
    uuid: text('unique_id') || null,
    usage: share(number('gpu_busy_percent')),
    memoryUsage: share(number('mem_busy_percent')),
    mediaUsage: share(number('vcn_busy_percent')),
    // The kernel knows the maker of its memory only where it is its own; what a part of the chip has is reserved of the machine's.
    unified: text('mem_info_vram_vendor') ? false : null,
    memoryTotal: scaled(own, 1),
    memoryUsed: scaled(number('mem_info_vram_used'), 1),
    memoryShared: scaled(number('mem_info_gtt_used'), 1),
    frequency: scaled(monitor?.number('freq1_input'), 1) ?? core.current,
    maxFrequency: core.max,
    memoryFrequency: scaled(monitor?.number('freq2_input'), 1) ?? memory.current,
  };
}

/** i915: its newer files are in the directory of the first GT, older ones at the card. Milliseconds and megahertz. */
function i915({ card, device, monitor }: CardFiles): Told {
  const of = (newer: string, older: string): number | null => card.number(`gt/gt0/${newer}`) ?? card.number(older);
  const total = card.number('lmem_total_bytes');
  const left = card.number('lmem_avail_bytes');
  return {
    ...sensorsOf(monitor),
    frequency: scaled(of('rps_act_freq_mhz', 'gt_act_freq_mhz'), MEGA),
    maxFrequency: scaled(of('rps_RP0_freq_mhz', 'gt_RP0_freq_mhz'), MEGA),
    idleTime: scaled(of('rc6_residency_ms', 'power/rc6_residency_ms'), 1 / KILO),
    // Cards of its own began with class 0x0380: what is a part of the chip is the primary display.
    unified: total !== null ? false : device.text('class')?.startsWith('0x0300') ? true : null,
    memoryTotal: scaled(total, 1),
    memoryUsed: total === null || left === null ? null : Math.max(0, total - left),
  };
}

/** xe (kernel: Documentation/ABI/testing/sysfs-driver-intel-xe-hwmon, drm/xe/xe_gt_freq.c, xe_gt_idle.c). */
function xe({ device, monitor }: CardFiles): Told {
  const gt = (file: string): number | null => device.number(`tile0/gt0/${file}`);
  return {
    ...sensorsOf(monitor),
    frequency: scaled(gt('freq0/act_freq'), MEGA),
    maxFrequency: scaled(gt('freq0/rp0_freq'), MEGA),
    idleTime: scaled(gt('gtidle/idle_residency_ms'), 1 / KILO),
    memoryTotal: scaled(device.number('tile0/physical_vram_size_bytes'), 1),
  };
}

/** What a card of this driver tells; of drivers that have no files of their own, what its sensors say. `levels` gives a whole file. */
export function askCard(driver: string | null, files: CardFiles, levels: (file: string) => string | null): Told {
  if (driver === 'amdgpu') return amdgpu(files, levels);
  if (driver === 'i915') return i915(files);
  return driver === 'xe' ? xe(files) : sensorsOf(files.monitor);
}
