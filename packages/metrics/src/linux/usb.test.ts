import { expect, test } from 'vitest';
import type { UsbDevice } from '../domain/usb.ts';
import { finish } from '../model/collector.ts';
import type { Sliced } from '../model/collector.ts';
import { collectGaps } from '../model/gap.ts';
import { createTree } from './rooted-tree.testing.ts';
import { tree as files } from './trees/usb.testing.ts';
import { parseMilliamperes, parseUsbSpeed, usb } from './usb.ts';

test('devices and buses, not the interfaces of a device', () => {
  const tree = createTree(files);
  const rows = finish(usb.open(tree.host).read(collectGaps([])) as Sliced<readonly UsbDevice[]>);
  tree.remove();
  expect(rows).toEqual([
    {
      device: '1-4.2',
      bus: 1,
      number: 12,
      vendorId: '046d',
      productId: 'c077',
      manufacturer: 'Logitech',
      product: 'USB Optical Mouse',
      serial: 'A1',
      speed: 1.5e6,
      version: '2.00',
      classId: '00',
      maxCurrent: 0.1,
      removable: 'removable',
      runtimeStatus: 'suspended',
    },
    expect.objectContaining({ device: 'usb1', speed: 4.8e8, manufacturer: null, maxCurrent: null }),
  ]);
});

test('speeds and currents', () => {
  expect(['1.5', '12', '480', '20000', 'unknown', '', null].map(parseUsbSpeed)).toEqual([1.5e6, 12e6, 480e6, 2e10, null, null, null]);
  expect(['500mA', '0mA', '896', null].map(parseMilliamperes)).toEqual([0.5, 0, null, null]);
});
