import path from 'node:path';
import type { Host } from '@hecate/host';
import { parsePciAddress } from '../../domain/pci.ts';
import { attributeOrNull, listMatching } from '../attribute.ts';
import { devicePathOf, namesIn } from '../device-files/device-path.ts';
import type { PciIds } from '../pci/pci-ids.ts';

const DRM = '/sys/class/drm';

/** A card of the kernel that can draw or compute. */
export interface Card {
  /** Its address on PCI, otherwise the name of its device: `1c40000.gpu`. */
  readonly id: string;
  /** `card0`. */
  readonly name: string;
  /** `/sys/class/drm/card0`. */
  readonly directory: string;
  /** Where its device lies: `/sys/devices/…/0000:03:00.0`. */
  readonly device: string;
  readonly driver: string | null;
  /** Its ids on PCI; null where it is no such device. */
  readonly ids: PciIds | null;
  /** Directory of its sensors; null without any. */
  readonly monitor: string | null;
}

/** Vendors by their PCI ids. */
const VENDORS: Readonly<Record<string, string>> = { '0x10de': 'nvidia', '0x1002': 'amd', '0x8086': 'intel', '0x106b': 'apple' };
/** Vendors of GPUs that are a part of the chip, by their drivers. */
const DRIVERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:asahi|apple)/, 'apple'],
  [/^(?:nvgpu|tegra|nouveau|nvidia)/, 'nvidia'],
  [/^(?:msm|adreno)/, 'qualcomm'],
  [/^(?:panfrost|panthor|lima|mali)/, 'arm'],
  [/^(?:v3d|vc4)/, 'broadcom'],
];

/** Who made a card; null when unknown. */
export const vendorOf = ({ ids, driver }: Pick<Card, 'ids' | 'driver'>): string | null =>
  (ids ? VENDORS[ids.vendorId] : DRIVERS.find(([pattern]) => pattern.test(driver ?? ''))?.[1]) ?? null;

function cardOf(host: Host, name: string): Card | null {
  const directory = `${DRM}/${name}`;
  const device = devicePathOf(host, `${directory}/device`);
  // Without a render node it only shows pictures: the graphics of a server's management chip, the firmware's framebuffer.
  if (device === null || !namesIn(host, `${device}/drm`).some((node) => node.startsWith('renderD'))) return null;
  const driver = devicePathOf(host, `${device}/driver`);
  const id = path.basename(device);
  const ask = (file: string): string | null => attributeOrNull(host, `${device}/${file}`);
  const [classId, vendorId, deviceId] = [ask('class'), ask('vendor'), ask('device')];
  const isPci = parsePciAddress(id) !== null && classId !== null && vendorId !== null && deviceId !== null;
  const [monitor] = listMatching(host, `${device}/hwmon`, /^hwmon\d{1,4}$/);
  return {
    ...{ id, name, directory, device, driver: driver === null ? null : path.basename(driver) },
    ids: isPci ? { classId, vendorId, deviceId } : null,
    monitor: monitor === undefined ? null : `${device}/hwmon/${monitor}`,
  };
}

/** The cards that can draw or compute, in the order of their numbers. Nothing of these files wakes one that sleeps. */
export function listCards(host: Host): Card[] {
  return listMatching(host, DRM, /^card\d{1,4}$/).flatMap((name) => cardOf(host, name) ?? []);
}

/** Whether a device sleeps (kernel: Documentation/power/runtime_pm.rst); null where nobody says. */
export function isSuspended(host: Host, device: string): boolean | null {
  const status = attributeOrNull(host, `${device}/power/runtime_status`);
  return status === null || status === 'unsupported' ? null : status === 'suspended' || status === 'suspending';
}

/** Whether a device is put to sleep when nobody uses it. */
export const maySleep = (host: Host, device: string): boolean => attributeOrNull(host, `${device}/power/control`) === 'auto';
