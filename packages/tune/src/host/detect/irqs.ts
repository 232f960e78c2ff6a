import { parseCpuList } from '../cpu-list.ts';
import type { IrqFacts, KernelFacts } from '../facts.ts';
import type { Look } from './look.ts';

const IRQS = '/proc/irq';
const PCI = '/sys/bus/pci/devices';

/** Since this kernel the permission bits of `smp_affinity` say whether it can be set; before, only the write is refused, with EIO. */
const BITS_SAY = [6, 12] as const;

/**
 * Names by number (kernel: `show_interrupts` of kernel/irq/proc.c): the last column, with two spaces before it. The collector of
 * interrupts is not asked: it reads the counts too, one for each CPU, and does not part the names from what stands before them.
 */
function readNames(look: Look): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of look.lines('/proc/interrupts')) {
    if (!/^ *\d{1,6}:/.test(line)) continue;
    const last = line.slice(line.lastIndexOf('  ') + 2).trim();
    // Where nobody has asked for it, the last column is that of the chip, or a count.
    names.set(Number.parseInt(line, 10), /^(?:(?:\S+ )?\d+(?:[- ]\w+)?|Edge|Level|None)$/.test(last) ? '' : last);
  }
  return names;
}

/** Where an interface or a disk is, by its link in /sys: what is behind USB has no interrupt of its own. */
function placeOf(link: string | null): { readonly pci: string | null; readonly virtio: string | null } {
  if (link === null || /\/usb\d+\//.test(link)) return { pci: null, virtio: null };
  const pci = [...link.matchAll(/\/([\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[0-7])(?=\/)/g)].at(-1)?.[1] ?? null;
  return { pci, virtio: /\/(virtio\d+)\//.exec(link)?.[1] ?? null };
}

/** A way to tell whose an interrupt is. */
type Owner = (irq: number, name: string) => string | null;

/** Owners by the messages of their PCI device (kernel: Documentation/ABI/testing/sysfs-bus-pci, `msi_irqs`), else by name. */
function createOwner(look: Look, disks: readonly string[], nics: readonly string[]): Owner {
  const byNumber = new Map<number, string>();
  const byStem = new Map<string, string>();
  const claim = <Key>(owners: Map<Key, string>, key: Key, device: string): void => void (owners.has(key) || owners.set(key, device));
  const devices = [
    ...nics.map((name) => [name, `/sys/class/net/${name}`] as const),
    ...disks.map((name) => [name, `/sys/block/${name}`] as const),
  ];
  for (const [device, path] of devices) {
    const { pci, virtio } = placeOf(look.link(path));
    if (pci !== null) for (const irq of look.names(`${PCI}/${pci}/msi_irqs`, /^\d{1,6}$/)) claim(byNumber, Number(irq), device);
    // Drivers name them `eth0-rx-0`, `virtio1-req.0`, `nvme0q3`: the disk of which is nvme0n1.
    for (const stem of [device, virtio, /^(nvme\d+)n\d+$/.exec(device)?.[1]]) if (stem) claim(byStem, stem, device);
  }
  const stemOf = (name: string): string => /^(nvme\d+)q\d+$/.exec(name)?.[1] ?? name.split(/[-:@ ,]/, 1)[0]!;
  return (irq, name) => byNumber.get(irq) ?? byStem.get(name) ?? byStem.get(stemOf(name)) ?? null;
}

/**
 * The interrupts with a number (kernel: Documentation/core-api/irq/irq-affinity.rst). On a kernel whose bits do not say whether one can
 * be moved, those of interfaces can: their drivers seldom let the kernel place them, as those of disks do.
 */
export function readIrqs(
  look: Look,
  { version: [major, minor] }: KernelFacts,
  disks: readonly string[],
  nics: readonly string[],
): IrqFacts[] {
  const irqs = look.names(IRQS, /^\d{1,6}$/).map(Number);
  if (irqs.length === 0) return [];
  const names = readNames(look);
  const ownerOf = createOwner(look, disks, nics);
  const bitsSay = major > BITS_SAY[0] || (major === BITS_SAY[0] && minor >= BITS_SAY[1]);
  return irqs.map((irq) => {
    const name = names.get(irq) ?? '';
    const device = ownerOf(irq, name);
    const file = `${IRQS}/${irq}/smp_affinity_list`;
    const cpus = parseCpuList(look.text(file) ?? '') ?? [];
    const isSure = bitsSay || (device !== null && nics.includes(device));
    return { irq, name, cpus, settable: isSure && cpus.length > 0 && look.writable(file), device };
  });
}
