import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { isThere } from './look.ts';
import type { Look } from './look.ts';

/** What firmware calls itself on virtual machines: the beginning of a DMI string, and whose it is (systemd: src/basic/virt.c knows the same). */
const FIRMWARE: readonly (readonly [string, string])[] = [
  ['KVM', 'kvm'],
  ['OpenStack', 'kvm'],
  ['KubeVirt', 'kvm'],
  ['Amazon EC2', 'amazon'],
  ['QEMU', 'qemu'],
  ['VMware', 'vmware'],
  ['VMW', 'vmware'],
  ['innotek GmbH', 'oracle'],
  ['VirtualBox', 'oracle'],
  ['Oracle Corporation', 'oracle'],
  ['Xen', 'xen'],
  ['Bochs', 'bochs'],
  ['Parallels', 'parallels'],
  ['BHYVE', 'bhyve'],
  ['Hyper-V', 'microsoft'],
  ['Apple Virtualization', 'apple'],
  ['Google Compute Engine', 'google'],
];

/** Where firmware says it, in the order in which it is believed. */
const DMI_FIELDS = ['product_name', 'sys_vendor', 'board_vendor', 'bios_vendor', 'product_version'];

/** What firmware says before all else: these run on hypervisors that pretend to be others. */
const DECISIVE = new Set(['oracle', 'xen', 'amazon', 'parallels', 'google']);

/** The bit of a virtual machine in the extension bytes of the BIOS (SMBIOS 3.4, 7.1.2.2); null when it may not be read. */
function virtualBit(host: Host): boolean | null {
  try {
    const { buffer, length } = host.read('/sys/firmware/dmi/entries/0-0/raw');
    return length > 20 && buffer[1]! >= 20 ? (buffer[19]! & 16) !== 0 : null;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

function firmware(host: Host, look: Look): string | null {
  for (const field of DMI_FIELDS) {
    const text = look(`/sys/class/dmi/id/${field}`) ?? '';
    const found = FIRMWARE.find(([prefix]) => text.startsWith(prefix))?.[1];
    if (found === undefined) continue;
    // Amazon's metal has the same vendor; the bit tells, or the name of the instance type.
    const isMetal = found === 'amazon' && !(virtualBit(host) ?? !(look('/sys/class/dmi/id/product_name') ?? '').trim().endsWith('.metal'));
    return isMetal ? null : found;
  }
  return virtualBit(host) === true ? 'vm-other' : null;
}

/** arm64, riscv64 and POWER: what the device tree says. */
function deviceTree(host: Host, look: Look): string | null {
  const compatible = look('/proc/device-tree/hypervisor/compatible')?.split('\0', 1)[0];
  if (compatible === 'linux,kvm') return 'kvm';
  if (compatible?.includes('xen')) return 'xen';
  if (compatible?.includes('vmware')) return 'vmware';
  if (compatible) return 'vm-other';
  if (isThere(host, '/proc/device-tree/ibm,partition-name') && isThere(host, '/proc/device-tree/hmc-managed?')) return 'powervm';
  if (look('/proc/device-tree/compatible')?.startsWith('qemu,pseries')) return 'qemu';
  return isThere(host, '/proc/device-tree/fw-cfg') ? 'qemu' : null;
}

/** s390x: /proc/sysinfo names the hypervisor that is directly below. */
function zSystem(look: Look): string | null {
  const below = /^VM00 Control Program:\s+(.*)$/m.exec(look('/proc/sysinfo') ?? '')?.[1];
  if (below === undefined) return null;
  return below.startsWith('z/VM') ? 'zvm' : 'kvm';
}

/** Xen, unless this is its privileged domain, which runs the machine. */
function xen(host: Host, look: Look): string | null {
  const isXen = isThere(host, '/proc/xen') || look('/sys/hypervisor/type')?.trim() === 'xen';
  if (!isXen) return null;
  // XENFEAT_dom0 is bit 11 (xen/include/public/features.h).
  const features = Number.parseInt(look('/sys/hypervisor/properties/features') ?? '', 16);
  const isPrivileged = Number.isNaN(features)
    ? (look('/proc/xen/capabilities') ?? '').includes('control_d')
    : Math.floor(features / 2048) % 2 === 1;
  return isPrivileged ? null : 'xen';
}

/**
 * Which hypervisor answers CPUID. Only instructions can ask it, so this is told by the clock that the hypervisor offers;
 * the flag in /proc/cpuinfo says whether there is one at all.
 */
function processor(look: Look): string | null {
  const text = look('/proc/cpuinfo') ?? '';
  if (/^vendor_id\s*:\s*User Mode Linux/m.test(text)) return 'uml';
  if (!/^flags\s*:.*\bhypervisor\b/m.test(text)) return null;
  const clocks = look('/sys/devices/system/clocksource/clocksource0/available_clocksource') ?? '';
  if (clocks.includes('kvm-clock')) return 'kvm';
  if (clocks.includes('hyperv_clocksource')) return 'microsoft';
  return /^model name\s*:\s*QEMU (?:Virtual|TCG)/m.test(text) ? 'qemu' : 'vm-other';
}

/**
 * The hypervisor below a machine, or null: the rules and the order of systemd-detect-virt(1) --vm as far as files can say.
 * A KVM guest whose kernel has no KVM clock is taken for what its firmware says (`qemu`).
 */
export function detectMachine(host: Host, look: Look): string | null {
  const said = firmware(host, look);
  if (said !== null && DECISIVE.has(said)) return said;
  const below = xen(host, look);
  if (below) return below;
  const asked = processor(look);
  if (asked !== null && asked !== 'vm-other') return asked;
  return said ?? deviceTree(host, look) ?? zSystem(look) ?? asked;
}
