import type { Tree } from '../rooted-tree.testing.ts';

function device(name: string, files: Readonly<Record<string, string | number>>): Tree {
  return Object.fromEntries(Object.entries(files).map(([file, value]) => [`sys/bus/usb/devices/${name}/${file}`, `${value}\n`]));
}

/** A bus, a mouse behind a hub that sleeps, and an interface, which is no device. */
export const tree: Tree = {
  ...device('usb1', { busnum: 1, devnum: 1, idVendor: '1d6b', idProduct: '0002', speed: 480, version: ' 2.00', bDeviceClass: '09' }),
  ...device('1-4.2', {
    busnum: 1,
    devnum: 12,
    idVendor: '046d',
    idProduct: 'c077',
    manufacturer: 'Logitech',
    product: 'USB Optical Mouse',
    serial: 'A1',
    speed: '1.5',
    version: ' 2.00',
    bDeviceClass: '00',
    bMaxPower: '100mA',
    removable: 'removable',
    'power/runtime_status': 'suspended',
  }),
  ...device('1-4.2:1.0', { bInterfaceClass: '03' }),
};
