import { list as plain } from './list.mjs';

/** All of them can be asked for by this word. */
const list = (file, mutants) => plain(file, mutants).map((one) => ({ ...one, what: `gpu: ${one.what}` }));

export const mutants = [
  ...list('io-registry/services.ts', [
    ['leak: iterator of children', "own.keep('object', iterator);", ''],
    ['leak: name of a property', 'createText(darwin, own, key)', 'createText(darwin, { keep() {} }, key)'],
    ['name with what stands after it', "nameRoom.toString('utf8', 0, nameRoom.indexOf(0))", "nameRoom.toString('utf8')"],
    ['children that are refused are none', "'IORegistryEntryGetChildIterator');", "'x'); handle.writeUInt32LE(0, 0);"],
  ]),
  ...list('gpu/accelerator.ts', [
    ['unit: per cent as a share', 'Math.min(1, percent / 100)', 'Math.min(1, percent)'],
    ['shares above 1', 'Math.min(1, percent / 100)', 'percent / 100'],
    ['unit: megabytes of 1000', 'const MEBI = 2 ** 20;', 'const MEBI = 1e6;'],
    ['unit: megahertz', 'const MEGA = 1e6;', 'const MEGA = 1;'],
    ['degrees of a card that is off', 'const HOTTEST = 127;', 'const HOTTEST = 1000;'],
    ['a clock of 0', 'value <= 0 || value > most', 'value < 0 || value > most'],
    ['any number of watts', 'const MOST_WATTS = 2000;', 'const MOST_WATTS = 1e12;'],
    ['negative shares', 'value === null || value < 0 ? null : value', 'value'],
    ['activity instead of utilisation', "'Device Utilization %', 'GPU Activity(%)'", "'GPU Activity(%)', 'Device Utilization %'"],
    ['no activity', ", 'GPU Activity(%)'", ''],
    [
      'renderer and tiler swapped',
      "rendererUsage: share(statistics, 'Renderer Utilization %')",
      "rendererUsage: share(statistics, 'Tiler Utilization %')",
    ],
    [
      'memory in use is that which is allocated',
      "memoryUsed: positive(statistics, 'In use system memory')",
      "memoryUsed: positive(statistics, 'Alloc system memory')",
    ],
    ['memory of the driver', "positive(statistics, 'In use system memory')", "positive(statistics, 'In use system memory (driver)')"],
    ['zero for memory that nobody tells', 'memoryTotal: null,\n  memoryUsed', 'memoryTotal: 0,\n  memoryUsed'],
    ['total is what is free', 'used + free', 'free'],
    ['vendor of PCI, the highest byte first', 'value.readUInt16LE(0)', 'value.readUInt16BE(0)'],
    ['texts with their NUL', "value.toString('utf8', 0, end < 0 ? value.length : end)", "value.toString('utf8')"],
    ['a card that is off tells', 'if (suspended === true) return about;', ''],
    ['every card is off', 'off === true || off === 1', 'true'],
  ]),
  ...list('gpu/client.ts', [
    ['unit: nanoseconds as microseconds', 'const NANO = 1e9;', 'const NANO = 1e6;'],
    ['the last client counts', 'known.time += time', 'known.time = time'],
    ['the last use counts', 'sum + Math.max(0, time)', 'Math.max(0, time)'],
    ['uses without a count have used nothing', 'if (uses.length > 0 && times.length === 0) return null;', ''],
    ['names without commas', '(?<name>.*)$/s', '(?<name>[^,]*)/s'],
    ['what is no client counts', 'if (pid === undefined || time === null) continue;', 'if (pid === undefined) continue;'],
    ['clients of Intel', 'if (own !== null) return own < 0 ? null : own / NANO;', ''],
  ]),
  ...list('gpu/performance-states.ts', [
    ['unit: ticks as seconds', 'time: Math.max(0, residency) * unit', 'time: Math.max(0, residency)'],
    ['two dies count twice', '/ own.length', ''],
    ['channels of every name', 'CHANNEL.test(name) && states', 'states'],
    ['the state that is off has the first frequency', 'active && fits ?', 'fits ?'],
    ['a table that does not fit', 'const fits = table.length <= working;', 'const fits = true;'],
    ['no gap where it does not fit', 'if (frequencies !== null && isUnknown)', 'if (false)'],
    ['a unit that is not understood', 'if (seconds === null || own', 'if (own'],
  ]),
  ...list('gpu/list.ts', [['two of a kind are one', '`${name}-${count}`', 'name']]),
  ...list('gpu/missing.ts', [
    ['no reasons', 'gaps.add(`gpu.${key}`', 'void (`gpu.${key}`'],
    ['asleep is unsupported', "gpu.suspended === true ? 'suspended' : 'unsupported'", "'unsupported'"],
  ]),
  ...list('gpu-processes.ts', [['no gap for memory', "['gpuprocesses.memory']", '[]']]),
  ...list('gpu.ts', [
    ['leak: the subscription', 'close: () => report?.close(),', 'close: () => {},'],
    ['a subscription at each read', 'subscription().read()', '(report = openIoReport(darwin, GPU_CHANNELS)).read()'],
    ['limit in bytes', 'megabytes * MEBI', 'megabytes'],
    ['no limit is a limit of 0', 'megabytes > 0 ?', 'megabytes >= 0 ?'],
    ['the highest clock is the lowest', 'Math.max(...table)', 'Math.min(...table)'],
    ['states of the chip for every card', 'own && isChips(one) ?', 'own ?'],
    ['the chip is asked on every Mac', 'found.some(isChips) ?', 'true ?'],
    ['what drives no PCI device has one', "entry.parentOf('IOPCIDevice')", "entry.parentOf('AppleARMIODevice')"],
    ['refusals of the limit are passed on', 'if (!isRefusal(error)) throw error;\n    return null;', 'throw error;'],
  ]),
];
