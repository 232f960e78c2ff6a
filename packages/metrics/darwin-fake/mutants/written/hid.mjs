import { list } from './list.mjs';

export const mutants = [
  ...list('hid/temperatures.ts', [
    ['page of keyboards', 'PrimaryUsagePage: 0xff00', 'PrimaryUsagePage: 0x0001'],
    ['usage', 'PrimaryUsage: 5', 'PrimaryUsage: 6'],
    ['events of power', 'const TEMPERATURE = 15;', 'const TEMPERATURE = 25;'],
    ['field of another event', 'const VALUE = TEMPERATURE * 65_536;', 'const VALUE = TEMPERATURE * 32_768;'],
    ['nothing is matched', 'iokit.IOHIDEventSystemClientSetMatching(client, createIntegers(darwin, scope, MATCHING));', ''],
    ['leak: services', 'close: () => kept.close(),', 'close: () => {},'],
    ['leak: the client, when services are refused', '    kept.close();\n    throw error;', '    throw error;'],
    [
      'services are gone after their search',
      'iokit.IOHIDEventSystemClientCopyServices(kept, client)',
      'iokit.IOHIDEventSystemClientCopyServices(scope, client)',
    ],
    ['no event is 0 degrees', 'event === 0n ? null :', 'event === 0n ? 0 :'],
    ['names twice', 'return times === 1 ? name : `${name} #${times}`;', 'return name;'],
    ['the name is not a text', "name !== '' ? name : 'unnamed'", "name !== '' ? name : name"],
  ]),
  ...list('hid/hid-chip.ts', [
    ['calibration is a sensor', '.filter(({ name }) => !NO_SENSOR.test(name))', ''],
    ['sentinels are temperatures', 'value: plausible(celsius)', 'value: celsius'],
    ['performance is efficiency', "kind === 'pACC' ? 'performance' : 'efficiency'", "kind === 'eACC' ? 'performance' : 'efficiency'"],
    ['no gap', 'if (asleep > 0)', 'if (asleep > 1000)'],
  ]),
  ...list('core-foundation/create.ts', [
    ['integers of 64 bits', 'nativeBuffer(4);', 'nativeBuffer(2);'],
    ['keys and values swapped', 'keys.writeBigUInt64LE(createText(', 'values.writeBigUInt64LE(createText('],
    ['callbacks of keys for values', 'pairs.length, ofKeys, ofValues', 'pairs.length, ofValues, ofKeys'],
    ['no callbacks', 'pairs.length, ofKeys, ofValues', 'pairs.length, 0n, 0n'],
    ['one pair too few', 'keys, values, pairs.length,', 'keys, values, pairs.length - 1,'],
  ]),
];
