import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRootedHost } from '@hecate/host';
import type { Host } from '@hecate/host';

/** A symbolic link of a tree: its target as it is written there. */
export interface Link {
  readonly link: string;
}

/** Files and links of a machine by their path, without the leading slash. */
export type Tree = Readonly<Record<string, string | Link>>;

/** A machine of files, made for one test. */
export interface MachineTree {
  readonly host: Host;
  remove(): void;
}

/** Makes a tree in the temporary directory. */
export function createMachine(files: Tree): MachineTree {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-machine-'));
  mkdirSync(path.join(directory, 'proc'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (typeof content === 'string') writeFileSync(file, content);
    else symlinkSync(content.link, file);
  }
  return { host: openRootedHost(directory), remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Files of one line each, below a directory. */
export const under = (directory: string, lines: Readonly<Record<string, string | number | Link>>): Tree =>
  Object.fromEntries(Object.entries(lines).map(([name, line]) => [`${directory}/${name}`, typeof line === 'object' ? line : `${line}\n`]));

/** The kernel (Documentation/admin-guide/sysctl/kernel.rst). Its architecture is left out of kernels before 6.1. */
export const kernel = (release: string, arch?: string, version = '#1 SMP PREEMPT_DYNAMIC'): Tree => ({
  ...under('proc/sys/kernel', { hostname: 'box', ostype: 'Linux', osrelease: release, version, ...(arch ? { arch } : {}) }),
  ...under('proc/sys/net/ipv4', { tcp_available_congestion_control: 'reno cubic bbr' }),
  ...under('sys/kernel/mm/transparent_hugepage', { enabled: 'always [madvise] never', hpage_pmd_size: 2 ** 21 }),
  'proc/uptime': '3600.00 7000.00\n',
});

/** Main memory (Documentation/filesystems/proc.rst), in MiB; nodes share it evenly. */
export function memory(mebibytes: number, nodes = 1): Tree {
  const total = mebibytes * 1024;
  const lines = (prefix: string, size: number): string =>
    `${prefix}MemTotal: ${size} kB\n${prefix}MemFree: ${size / 2} kB\n${prefix}MemAvailable: ${size / 2} kB\n`;
  const files: Record<string, string> = { 'proc/meminfo': `${lines('', total)}SwapTotal: 0 kB\nSwapFree: 0 kB\nHugepagesize: 2048 kB\n` };
  files['proc/swaps'] = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  for (let node = 0; node < nodes; node++) files[`sys/devices/system/node/node${node}/meminfo`] = lines(`Node ${node} `, total / nodes);
  return files;
}

/** What firmware says of the machine (Documentation/ABI/testing/sysfs-firmware-dmi-tables). */
export const firmware = (vendor: string, product: string, chassis: number): Tree =>
  under('sys/class/dmi/id', { sys_vendor: vendor, product_name: product, chassis_type: chassis });

/** A disk with a queue (Documentation/ABI/stable/sysfs-block). */
export const disk = (name: string, gigabytes: number, rotational: 0 | 1, scheduler: string, removable: 0 | 1 = 0): Tree => ({
  ...under(`sys/block/${name}`, { size: (gigabytes * 1e9) / 512, removable }),
  ...under(`sys/block/${name}/queue`, { rotational, scheduler, read_ahead_kb: 128 }),
});

/** An interface with a device behind it (Documentation/ABI/testing/sysfs-class-net). */
export const nic = (name: string, driver: string, speed: number, isWireless = false): Tree => ({
  ...under(`sys/class/net/${name}`, { speed, ...(isWireless ? { 'phy80211/index': 0 } : {}) }),
  ...under(`sys/class/net/${name}/device`, { driver: { link: `../../../../bus/pci/drivers/${driver}` } }),
});

/** A display controller or accelerator on PCI (Documentation/ABI/testing/sysfs-bus-pci). */
export const gpu = (address: string, kind: string, vendor: string, driver: string, card: number | null, bytes?: number): Tree => ({
  ...under(`sys/bus/pci/devices/${address}`, { class: kind, vendor, device: '0x1234', driver: { link: `../../../drivers/${driver}` } }),
  ...(card === null ? {} : under(`sys/bus/pci/devices/${address}/drm/card${card}`, { dev: `226:${card}` })),
  ...(bytes === undefined ? {} : under(`sys/bus/pci/devices/${address}`, { mem_info_vram_total: bytes })),
});

/** Processes by the name that the kernel keeps of them. */
export const processes = (...names: readonly string[]): Tree =>
  Object.fromEntries(names.map((name, index) => [`proc/${index + 1}/comm`, `${name.slice(0, 15)}\n`]));

/** Programs that are installed. */
export const programs = (...names: readonly string[]): Tree => Object.fromEntries(names.map((name) => [`usr/bin/${name}`, '']));

/** A desktop that people can log in to. */
export const desktop = (): Tree => ({ 'usr/share/wayland-sessions/gnome.desktop': '[Desktop Entry]\n' });
