import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** A device on USB (kernel: Documentation/ABI/stable/sysfs-bus-usb, …/testing/sysfs-bus-usb). Null: it does not say. */
export interface UsbDevice {
  /** The kernel's name of it, from the ports it hangs on: `1-4.2`; `usb1` is a bus. */
  readonly device: string;
  readonly bus: number | null;
  /** Number of it on its bus; another each time that it is plugged in. */
  readonly number: number | null;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly manufacturer: string | null;
  readonly product: string | null;
  readonly serial: string | null;
  /** Bits per second of its link. */
  readonly speed: number | null;
  /** Version of USB that it speaks: `3.20`. */
  readonly version: string | null;
  /** Class in hexadecimal: `09` is a hub, `00` is said by its interfaces. */
  readonly classId: string | null;
  /** Amperes that it may draw. */
  readonly maxCurrent: number | null;
  /** Whether it can be pulled out: `removable`, `fixed`, `unknown`. */
  readonly removable: string | null;
  /** `active`, `suspended`, … of runtime power management. */
  readonly runtimeStatus: string | null;
}

const UNSAID = 'the device does not say';

/** Fields of the `usb` collector. */
export const usbGroups = (): readonly Group<readonly UsbDevice[]>[] => [
  group<readonly UsbDevice[], UsbDevice>({
    name: 'usb',
    source: '/sys/bus/usb/devices/*',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        key: 'product',
        kind: 'info',
        unit: 'none',
        help: 'Name of the device.',
        nullWhen: UNSAID,
        prometheus: {
          name: 'hecate_usb_device_info',
          help: 'What each USB device is.',
          value: () => 1,
          properties: { vendor_id: 'vendorId', product_id: 'productId', manufacturer: 'manufacturer', product: 'product' },
        },
      },
      { key: 'serial', kind: 'info', unit: 'none', help: 'Serial number.', nullWhen: UNSAID },
      { key: 'speed', kind: 'gauge', unit: 'none', help: 'Bits per second of its link.', nullWhen: UNSAID },
      { key: 'version', kind: 'info', unit: 'none', help: 'Version of USB that it speaks.', nullWhen: UNSAID },
      { key: 'classId', kind: 'info', unit: 'none', help: 'Class in hexadecimal.', nullWhen: UNSAID },
      { key: 'maxCurrent', kind: 'gauge', unit: 'amperes', help: 'Current that it may draw.', nullWhen: UNSAID },
      { key: 'removable', kind: 'info', unit: 'none', help: 'Whether it can be pulled out.', nullWhen: UNSAID },
      { key: 'runtimeStatus', kind: 'info', unit: 'none', help: 'State of runtime power management.', nullWhen: UNSAID },
    ],
  }),
];
