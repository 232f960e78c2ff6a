import type { GpuFacts } from '../facts.ts';
import type { Look } from './look.ts';

const PCI = '/sys/bus/pci/devices';
const DRM = '/sys/class/drm';

/** PCI ids of those who make them. */
const VENDORS: Readonly<Record<string, GpuFacts['vendor']>> = { '0x10de': 'nvidia', '0x1002': 'amd', '0x8086': 'intel' };

/** Display controllers (class 0x03), and processing accelerators (0x1200), which AMD's Instinct and Intel's Gaudi are. */
const GPU_CLASS = /^0x(?:03|1200)/;

/** 3D controllers and accelerators: no screen can be plugged in. */
const NO_SCREEN = /^0x(?:0302|1200)/;

/**
 * Bytes of its own memory: amdgpu says it of the device (kernel: Documentation/gpu/amdgpu/driver-misc.rst, mem_info_vram_total),
 * xe of each tile, Intel's build of i915 of the card. NVIDIA's driver and i915 of the kernel have no file that says it.
 */
function memoryOf(look: Look, device: string, card: string | null): number | null {
  const whole = look.number(`${device}/mem_info_vram_total`) ?? (card === null ? null : look.number(`${card}/lmem_total_bytes`));
  if (whole !== null) return whole > 0 ? whole : null;
  const tiles = look.names(device, /^tile\d{1,2}$/).map((tile) => look.number(`${device}/${tile}/physical_vram_size_bytes`));
  return tiles.length === 0 || tiles.includes(null) ? null : tiles.reduce<number>((sum, bytes) => sum + bytes!, 0) || null;
}

/**
 * GPUs on the bus. The collector of PCI devices is not asked: it reads two dozen files of each and looks their names up in a list
 * of a megabyte and a half (19 ms here), while one file says what is a GPU.
 */
function readPciGpus(look: Look): GpuFacts[] {
  return look.names(PCI, /^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[0-7]$/).flatMap((address) => {
    const device = `${PCI}/${address}`;
    const kind = look.text(`${device}/class`);
    if (kind === null || !GPU_CLASS.test(kind)) return [];
    const [found] = look.names(`${device}/drm`, /^card\d{1,3}$/);
    const card = found === undefined ? null : `${DRM}/${found}`;
    return [
      {
        vendor: VENDORS[look.text(`${device}/vendor`) ?? ''] ?? 'other',
        address,
        driver: look.target(`${device}/driver`),
        card,
        computeOnly: NO_SCREEN.test(kind),
        memory: memoryOf(look, device, card),
        power: null,
      },
    ];
  });
}

/** Who makes a GPU that is a part of the chip, by its driver; all others are `other`. */
const BY_DRIVER: readonly (readonly [RegExp, GpuFacts['vendor']])[] = [
  [/^(?:asahi|apple)/, 'apple'],
  [/^(?:nvgpu|tegra|nouveau)/, 'nvidia'],
];

/** GPUs that are no PCI devices. Only those with a render node: the others are display controllers, or framebuffers of the firmware. */
function readPlatformGpus(look: Look): GpuFacts[] {
  return look.names(DRM, /^card\d{1,3}$/).flatMap((name) => {
    const device = `${DRM}/${name}/device`;
    const driver = look.target(`${device}/subsystem`) === 'pci' ? null : look.target(`${device}/driver`);
    if (driver === null || look.names(`${device}/drm`, /^renderD\d{1,3}$/).length === 0) return [];
    const vendor = BY_DRIVER.find(([pattern]) => pattern.test(driver))?.[1] ?? 'other';
    return [{ vendor, address: null, driver, card: `${DRM}/${name}`, computeOnly: false, memory: null, power: null }];
  });
}

/** The GPUs of the machine, without their power: first those on PCI. None of these files wakes one that sleeps. */
export const readGpus = (look: Look): GpuFacts[] => [...readPciGpus(look), ...readPlatformGpus(look)];
