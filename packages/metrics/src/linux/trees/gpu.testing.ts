import type { Tree } from '../rooted-tree.testing.ts';

/** Files of a directory, each with a line end. */
const files = (directory: string, content: Readonly<Record<string, string | number>>): Tree =>
  Object.fromEntries(Object.entries(content).map(([file, value]) => [`${directory}/${file}`, `${value}\n`]));

interface FakeCard {
  readonly number: number;
  /** Below /sys/devices. */
  readonly place: string;
  readonly driver: string;
  readonly device: Readonly<Record<string, string | number>>;
  readonly card?: Readonly<Record<string, string | number>>;
  readonly monitor?: Readonly<Record<string, string | number>>;
  /** Absent: it only shows pictures. */
  readonly render?: number;
}

/** A card as the kernel lays it out: the link in /sys/class/drm, its own directory below the device, its sensors. */
function card({ number, place, driver, device, card: own = {}, monitor, render }: FakeCard): Tree {
  const base = `sys/devices/${place}`;
  const up = '../'.repeat(place.split('/').length + 1);
  return {
    [`sys/class/drm/card${number}`]: { link: `../../devices/${place}/drm/card${number}` },
    [`${base}/drm/card${number}/device`]: { link: '../..' },
    [`sys/class/drm/card${number}-DP-1/status`]: 'disconnected\n',
    ...(render === undefined ? {} : { [`${base}/drm/renderD${render}/dev`]: `226:${render}\n` }),
    [`${base}/driver`]: { link: `${up}bus/pci/drivers/${driver}` },
    [`sys/bus/pci/drivers/${driver}/bind`]: '',
    ...files(base, device),
    ...files(`${base}/drm/card${number}`, own),
    ...(monitor ? files(`${base}/hwmon/hwmon3${number}`, { name: driver, ...monitor }) : {}),
  };
}

const level = (mega: readonly number[], now: number): string =>
  mega.map((one, index) => `${index}: ${one}Mhz${index === now ? ' *' : ''}`).join('\n');

/**
 * Cards of a machine that no one has: made by hand after the kernel's documents, with figures of the right size. A chip's own graphics
 * (i915), a card of AMD that works and one that sleeps, a card of Intel (xe), one that is no PCI device, and one of a management chip.
 */
export const tree: Tree = {
  ...card({
    ...{ number: 0, place: 'pci0000:00/0000:00:02.0', driver: 'i915', render: 128 },
    device: { class: '0x030000', vendor: '0x8086', device: '0x3e98', 'power/runtime_status': 'active', 'power/control': 'on' },
    card: {
      ...{ 'gt/gt0/rps_act_freq_mhz': 350, 'gt/gt0/rps_RP0_freq_mhz': 1200, 'gt/gt0/rc6_residency_ms': 8_000_500 },
      ...{ gt_act_freq_mhz: 1, gt_RP0_freq_mhz: 1, 'power/rc6_residency_ms': 1 },
    },
  }),
  ...card({
    ...{ number: 1, place: 'pci0000:00/0000:00:03.1/0000:2b:00.0', driver: 'amdgpu', render: 129 },
    device: {
      ...{ class: '0x030000', vendor: '0x1002', device: '0x73bf', 'power/runtime_status': 'active', unique_id: '6ef4a2b1c0d35e78' },
      ...{ gpu_busy_percent: 37, mem_busy_percent: 12, mem_info_vram_total: 17_163_091_968, mem_info_vram_used: 2_147_483_648 },
      ...{ mem_info_gtt_total: 16_764_575_744, mem_info_gtt_used: 67_108_864, mem_info_vram_vendor: 'samsung' },
      pp_dpm_sclk: level([500, 1800, 2575], 1),
      pp_dpm_mclk: level([96, 456, 1000], 2),
    },
    monitor: {
      ...{
        freq1_input: 1_812_000_000,
        freq1_label: 'sclk',
        freq2_input: 1_000_000_000,
        power1_average: 87_000_000,
        power1_cap: 203_000_000,
      },
      ...{ temp1_input: 54_000, temp1_label: 'edge', fan1_input: 1420, pwm1: 102, pwm1_max: 255, in0_input: 900 },
    },
  }),
  ...card({
    ...{ number: 2, place: 'pci0000:00/0000:00:03.2/0000:2c:00.0', driver: 'amdgpu', render: 130 },
    device: { class: '0x038000', vendor: '0x1002', device: '0x7340', 'power/runtime_status': 'suspended', gpu_busy_percent: 99 },
    monitor: { temp1_input: 99_000 },
  }),
  ...card({
    ...{ number: 10, place: 'pci0000:00/0000:00:04.0/0000:2d:00.0', driver: 'xe', render: 131 },
    device: {
      ...{ class: '0x030000', vendor: '0x8086', device: '0x56a0', 'tile0/physical_vram_size_bytes': 17_179_869_184 },
      ...{ 'tile0/gt0/freq0/act_freq': 600, 'tile0/gt0/freq0/rp0_freq': 2400, 'tile0/gt0/gtidle/idle_residency_ms': 4000 },
    },
    monitor: { energy1_input: 5_500_000_000, temp2_input: 41_000, fan1_input: 0 },
  }),
  ...card({ number: 3, place: 'platform/1c40000.gpu', driver: 'panfrost', render: 132, device: { uevent: 'DRIVER=panfrost' } }),
  ...card({
    ...{ number: 4, place: 'pci0000:00/0000:00:1c.0/0000:2e:00.0', driver: 'ast' },
    device: { class: '0x030000', vendor: '0x1a03', device: '0x2000' },
  }),
  // A process that draws on the card of AMD.
  'proc/4242/comm': 'compositor\n',
  'proc/4242/fd/9': { link: '/dev/dri/renderD129' },
  'proc/4242/fdinfo/9':
    'pos:\t0\ndrm-driver:\tamdgpu\ndrm-client-id:\t7\ndrm-pdev:\t0000:2b:00.0\ndrm-engine-gfx:\t5000000000 ns\ndrm-memory-vram:\t4096 KiB\n',
};

/** Names of some of these. */
export const PCI_IDS =
  '1002  Advanced Micro Devices, Inc. [AMD/ATI]\n\t73bf  Navi 21 [Radeon RX 6800/6800 XT / 6900 XT]\n8086  Intel Corporation\n\t3e98  CoffeeLake-S GT2 [UHD Graphics 630]\n';
