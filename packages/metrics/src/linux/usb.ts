import type { Host } from '@hecate/host';
import { usbGroups } from '../domain/usb.ts';
import type { UsbDevice } from '../domain/usb.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, parseAttributeNumber } from './attribute.ts';
import { namesIn } from './device-files/device-path.ts';

const DEVICES = '/sys/bus/usb/devices';

/** Devices and buses; `1-4:1.0` is an interface of one. */
const DEVICE = /^(?:usb\d+|\d+-\d+(?:\.\d+)*)$/;

/** Bits per second of `480` or `1.5` (megabits); null for `unknown`. */
export function parseUsbSpeed(text: string | null): number | null {
  return text !== null && /^\d{1,7}(?:\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) * 1000 : null;
}

/** Amperes of `500mA`; null for anything else. */
export function parseMilliamperes(text: string | null): number | null {
  const milli = /^(\d{1,6})mA$/.exec(text ?? '')?.[1];
  return milli === undefined ? null : Number(milli) / 1000;
}

/** One device. The kernel answers from what it was told when it was plugged in; nothing is asked, so a sleeping device sleeps on. */
function readDevice(host: Host, device: string, gaps: GapSink): UsbDevice {
  const attributes = attributesOf(host, `${DEVICES}/${device}`, `usb.${device}`, gaps);
  const text = (file: string): string | null => attributes.text(file) || null;
  return {
    device,
    bus: parseAttributeNumber(text('busnum')),
    number: parseAttributeNumber(text('devnum')),
    vendorId: text('idVendor'),
    productId: text('idProduct'),
    manufacturer: text('manufacturer'),
    product: text('product'),
    serial: text('serial'),
    speed: parseUsbSpeed(text('speed')),
    version: text('version'),
    classId: text('bDeviceClass'),
    maxCurrent: parseMilliamperes(text('bMaxPower')),
    removable: text('removable'),
    runtimeStatus: text('power/runtime_status'),
  };
}

/** Devices on USB. */
export const usb: Collector<'usb', readonly UsbDevice[]> = {
  name: 'usb',
  lane: 'rare',
  sources: [DEVICES],
  remedy: 'Mount /sys.',
  groups: usbGroups,
  open: (host) => ({
    *read(gaps) {
      const rows: UsbDevice[] = [];
      for (const name of namesIn(host, DEVICES).toSorted()) {
        if (!DEVICE.test(name)) continue;
        rows.push(readDevice(host, name, gaps));
        yield;
      }
      return rows;
    },
    close: () => {},
  }),
};
