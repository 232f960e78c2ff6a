import path from 'node:path';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { DeviceIdentity } from './handler.ts';
import { realMachinePath } from './machine-path.ts';

/**
 * The device that a path of /sys belongs to: the nearest block device, interface, PCI or USB device above it. Null when there is none,
 * or when nothing but its name tells it from others, as with loop devices and compressed memory.
 * Names of /sys are those of the kernel's Documentation/ABI/testing/sysfs-{block,class-net,bus-pci,bus-usb}.
 */
export function deviceOf(host: Host, file: string): DeviceIdentity | null {
  const start = realPath(host, file);
  if (start === null) return null;
  for (let directory = start; directory.startsWith('/sys/'); directory = path.dirname(directory)) {
    const kind = subsystemOf(host, directory, file);
    const id = kind === null ? null : IDENTIFY[kind](host, directory);
    if (kind !== null) return id === null ? null : { kind, id, name: path.basename(directory) };
  }
  return null;
}

type Kind = DeviceIdentity['kind'];

/** What stays with a device, of its directory in /sys; null when there is no such thing. */
const IDENTIFY: Readonly<Record<Kind, (host: Host, directory: string) => string | null>> = {
  block: blockIdentity,
  net: netIdentity,
  pci: pciIdentity,
  usb: usbIdentity,
};

/** A path of the machine without links; null when it is not there. */
function realPath(host: Host, file: string): string | null {
  try {
    return realMachinePath(host, file);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** Text of a file without white space at its ends; null when it is empty, not there, or the driver has nothing to say. */
function attribute(host: Host, file: string): string | null {
  try {
    // Serial numbers may be padded with NUL.
    return host.readText(file).replaceAll('\0', '').trim() || null;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** By the link that every device has; in trees without links, by where people find devices. */
function subsystemOf(host: Host, directory: string, asked: string): Kind | null {
  const link = realPath(host, `${directory}/subsystem`);
  const name = link === null ? /^\/sys\/(?:class\/)?(block|net)\/[^/]+$/.exec(directory)?.[1] : path.basename(link);
  if (name === 'block' || name === 'net' || name === 'pci') return name;
  // An interface of a USB device has no serial number: the device above it has.
  if (name === 'usb' && attribute(host, `${directory}/idVendor`) !== null) return name;
  return asked === directory && /^\/sys\/bus\/pci\/devices\/[^/]+$/.test(asked) ? 'pci' : null;
}

/** A name that the maker gave it, or what it is and where it is plugged in. */
function blockIdentity(host: Host, directory: string): string | null {
  const partition = attribute(host, `${directory}/partition`);
  if (partition !== null) {
    const disk = blockIdentity(host, path.dirname(directory));
    return disk === null ? null : `${disk} partition ${partition}`;
  }
  for (const name of ['wwid', 'device/wwid', 'dm/uuid', 'md/uuid', 'device/cid', 'serial', 'device/serial']) {
    const id = attribute(host, `${directory}/${name}`);
    if (id !== null) return `${path.basename(name)}:${id}`;
  }
  const plug = plugOf(host, directory);
  if (plug === null) return null;
  return `model:${attribute(host, `${directory}/device/model`) ?? ''} size:${attribute(host, `${directory}/size`) ?? ''} at ${plug}`;
}

/** The address burned in; of others the place and the address; of those without hardware the number that no later one gets in this boot. */
function netIdentity(host: Host, directory: string): string | null {
  const address = attribute(host, `${directory}/address`);
  if (address !== null && attribute(host, `${directory}/addr_assign_type`) === '0' && /[1-9a-f]/.test(address)) return `mac:${address}`;
  const plug = plugOf(host, directory);
  if (plug !== null) return `mac:${address ?? ''} at ${plug}`;
  const index = attribute(host, `${directory}/ifindex`);
  return index === null ? null : `ifindex:${index}`;
}

function pciIdentity(host: Host, directory: string): string | null {
  const ids = ['vendor', 'device', 'subsystem_vendor', 'subsystem_device'].map((name) => attribute(host, `${directory}/${name}`));
  return ids[0] === null ? null : `${ids.join(' ')} at ${path.basename(directory)}`;
}

function usbIdentity(host: Host, directory: string): string | null {
  const [vendor, product, serial] = ['idVendor', 'idProduct', 'serial'].map((name) => attribute(host, `${directory}/${name}`));
  return `${vendor}:${product} ${serial === null ? `at ${path.basename(directory)}` : `serial:${serial}`}`;
}

/** Where a device is plugged in: the real path of its hardware; null for one that is made by software. */
function plugOf(host: Host, directory: string): string | null {
  const hardware = realPath(host, `${directory}/device`);
  return hardware === null || hardware.startsWith('/sys/devices/virtual/') ? null : hardware.replace(/^\/sys\/devices\//, '');
}
