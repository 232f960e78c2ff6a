import type { Tree } from '../rooted-tree.testing.ts';

/** A server's firmware, with texts that are no UTF-8, empty, or padded, and a board's device tree. */
export const tree: Tree = {
  'sys/class/dmi/id/bios_date': '04/12/2021\n',
  'sys/class/dmi/id/bios_release': '2.2\n',
  'sys/class/dmi/id/bios_vendor': 'Example Inc.\n',
  'sys/class/dmi/id/bios_version': '2.2.4\n',
  'sys/class/dmi/id/board_name': '07PXPY\n',
  'sys/class/dmi/id/board_vendor': 'Example Inc.\n',
  'sys/class/dmi/id/board_version': 'A01\n',
  'sys/class/dmi/id/board_serial': '.SN.1.\n',
  'sys/class/dmi/id/chassis_asset_tag': '\n',
  'sys/class/dmi/id/chassis_serial': '7N62\n',
  'sys/class/dmi/id/chassis_type': '23\n',
  'sys/class/dmi/id/chassis_vendor': 'Example Inc.\n',
  'sys/class/dmi/id/chassis_version': '               \n',
  'sys/class/dmi/id/product_family': 'PowerExample\n',
  'sys/class/dmi/id/product_name': 'PowerExample "R6" \\ 515\n',
  'sys/class/dmi/id/product_serial': '7N62\n',
  'sys/class/dmi/id/product_sku': 'SKU=NotProvided\n',
  'sys/class/dmi/id/product_uuid': '83340ca8-cb49-4474-8c29-d2088ca84dd9\n',
  'sys/class/dmi/id/product_version': new Uint8Array([0x80, 0x1c, 0x5b, 0xff, 10]),
  'sys/class/dmi/id/sys_vendor': 'Example Inc.\n',
  'sys/class/dmi/id/modalias': 'dmi:bvnExampleInc.:\n',
  'sys/firmware/devicetree/base/model': 'Raspberry Pi 4 Model B Rev 1.4\0',
  'sys/firmware/devicetree/base/compatible': 'raspberrypi,4-model-b\0brcm,bcm2711\0',
  'sys/firmware/devicetree/base/serial-number': '10000000abcdef01\0',
};
