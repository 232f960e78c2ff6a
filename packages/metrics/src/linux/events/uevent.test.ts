import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTree } from '../rooted-tree.testing.ts';
import type { Tree } from '../rooted-tree.testing.ts';
import { readPowerSource } from './power-source.ts';
import { parseProcessMessages } from './process-message.ts';
import { openThrottleReader } from './throttle-reader.ts';
import { deviceEvent } from './uevent.ts';
import { parseUevent } from './uevent-message.ts';

const message = (...texts: string[]): Buffer => Buffer.from(`${texts.join('\0')}\0`);

describe('messages about devices', () => {
  test('action, path and subsystem are taken; the first of each counts', () => {
    const text = message('add@/devices/x/sda', 'ACTION=add', 'DEVPATH=/devices/x/sda', 'SUBSYSTEM=block', 'SEQNUM=1', 'ACTION=remove');
    expect(parseUevent(text)).toEqual({ action: 'add', path: '/devices/x/sda', subsystem: 'block' });
    expect(parseUevent(message('add@/x', 'ACTION=add', 'SUBSYSTEM=block'))).toBeNull();
    expect(parseUevent(Buffer.from('libudev\0\xfe\xed\xca\xfe'))).toBeNull();
    expect(parseUevent(Buffer.alloc(0))).toBeNull();
  });

  test('what people do not look for is no event', () => {
    const of = (action: string, subsystem: string): unknown => deviceEvent({ action, subsystem, path: '/devices/pci/usb1/1-2' });
    expect(of('add', 'usb')).toEqual({
      kind: 'device',
      change: 'added',
      subsystem: 'usb',
      name: '1-2',
      path: '/devices/pci/usb1/1-2',
      action: 'add',
    });
    expect(of('offline', 'cpu')).toMatchObject({ change: 'changed', action: 'offline' });
    expect(of('bind', 'usb')).toBeNull();
    expect(of('change', 'power_supply')).toBeNull();
    expect(of('add', 'bdi')).toBeNull();
    expect(of('toString', 'usb')).toBeNull();
  });

  test('any bytes are survived', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        parseUevent(Buffer.from(bytes));
        for (const news of parseProcessMessages(Buffer.from(bytes))) expect(news.is).toBeTypeOf('string');
      }),
    );
  });
});

/** Reads from a machine of files, which goes away. */
function onTree<Result>(files: Tree, read: (tree: ReturnType<typeof createTree>) => Result): Result {
  const tree = createTree(files);
  try {
    return read(tree);
  } finally {
    tree.remove();
  }
}

describe('mains or battery', () => {
  const of = (supplies: Readonly<Record<string, Readonly<Record<string, string>>>>): unknown => {
    const files = Object.entries(supplies).flatMap(([name, attributes]) =>
      Object.entries(attributes).map(([attribute, value]) => [`sys/class/power_supply/${name}/${attribute}`, `${value}\n`]),
    );
    return onTree(Object.fromEntries(files) as Tree, ({ host }) => readPowerSource(host));
  };
  const mains = (online: string): Record<string, string> => ({ type: 'Mains', online });
  const battery = (status: string): Record<string, string> => ({ type: 'Battery', status });

  test.each([
    ['none', {}, null],
    ['on mains', { AC: mains('1'), BAT0: battery('Charging') }, 'ac'],
    ['on battery', { AC: mains('0'), BAT0: battery('Discharging') }, 'battery'],
    ['full, and pulled out', { AC: mains('0'), BAT0: battery('Full') }, 'battery'],
    ['by USB', { AC: mains('0'), ucsi: { type: 'USB', online: '1' }, BAT0: battery('Charging') }, 'ac'],
    ['programmable', { ucsi: { type: 'USB', online: '2' } }, 'ac'],
    ['a battery alone, charging', { BAT0: battery('Charging') }, 'ac'],
    ['a battery alone, discharging', { BAT0: battery('Discharging') }, 'battery'],
    ['a mouse', { mouse: { ...battery('Discharging'), scope: 'Device' } }, null],
    ['a power supply without a battery, off', { AC: mains('0') }, null],
    ['a UPS', { UPS: { type: 'UPS', status: 'Discharging' } }, 'battery'],
    ['nonsense', { X: { type: 'Something', online: '1' }, Y: { online: '1' } }, null],
  ])('%s', (_, supplies, source) => expect(of(supplies as Record<string, Record<string, string>>)).toBe(source));
});

describe('what can be throttled', () => {
  test('a package counts once; fans and devices that are not there do not', () => {
    const cpu = (id: number, core: string): Tree => ({
      [`sys/devices/system/cpu/cpu${id}/thermal_throttle/core_throttle_count`]: `${core}\n`,
      [`sys/devices/system/cpu/cpu${id}/thermal_throttle/package_throttle_count`]: '40\n',
      [`sys/devices/system/cpu/cpu${id}/topology/physical_package_id`]: '0\n',
    });
    const device = (id: number, type: string, now: string, most: string): Tree => ({
      [`sys/class/thermal/cooling_device${id}/type`]: `${type}\n`,
      [`sys/class/thermal/cooling_device${id}/cur_state`]: `${now}\n`,
      [`sys/class/thermal/cooling_device${id}/max_state`]: `${most}\n`,
    });
    const files = {
      ...cpu(0, '3'),
      ...cpu(1, '5'),
      ...device(0, 'Processor', '2', '8'),
      ...device(1, 'Fan', '1', '1'),
      ...device(2, 'thermal-cpufreq-0', 'nonsense', '5'),
      'sys/class/thermal/thermal_zone0/type': 'x86_pkg_temp\n',
    };
    onTree(files, (tree) => {
      const reader = openThrottleReader(tree.host);
      const byName = (): Record<string, unknown> => Object.fromEntries(reader.read().map(({ device: name, ...rest }) => [name, rest]));
      expect(byName()).toEqual({
        'cpu0 core': { count: 3, share: null },
        'cpu0 package': { count: 40, share: null },
        'cpu1 core': { count: 5, share: null },
        'cooling_device0 Processor': { count: null, share: 0.25 },
      });
      tree.write('sys/class/thermal/cooling_device0/cur_state', '0\n');
      expect(byName()).toMatchObject({ 'cooling_device0 Processor': { share: 0 } });
      reader.close();
    });
  });
});
