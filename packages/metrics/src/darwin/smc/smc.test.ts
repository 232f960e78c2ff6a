import { describe, expect, test } from 'vitest';
import { decodeSmcNumber, encodeSmcNumber, HecateError, openSmc, SMC_FUNCTIONS, SMC_PACKET, SMC_RESULTS } from '@hecate/host';
import type { NativeLibraries, Smc } from '@hecate/host';
import { ARCHITECTURES, constant, facts, layoutOf } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import type { FakeDarwin } from '../fake/fake-darwin.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { smcOf, smcValues } from '../fake/smc.testing.ts';
import { findSmcKeys } from './smc-keys.ts';
import type { SmcKeys } from './smc-keys.ts';
import { meaningOf } from './smc-sensor.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('values of the SMC', () => {
  // Bytes that others published of their Macs, and what their programs made of them.
  test.each([
    ['flt ', '3a3ce744', 1849.8821],
    ['flt ', '348ba545', 5297.4004],
    ['flt ', '606fde40', 6.951],
    ['flt ', '0080e544', 1836],
    ['sp78', '2630', 38.1875],
    ['sp78', 'fe80', -1.5],
    ['spf0', '1753', 5971],
    ['sp5a', '0400', 1],
    ['fpe2', '1388', 1250],
    ['fp88', 'ff80', 255.5],
    ['ioft', 'cccc200000000000', 32.799987],
    ['ioft', '0000ffffffffffff', -1],
    ['ui8 ', 'ff', 255],
    ['ui16', '0102', 258],
    ['ui32', '00000706', 1798],
    ['si8 ', 'ff', -1],
    ['si16', 'fffe', -2],
    ['si32', 'fffffffd', -3],
    ['flag', '01', 1],
  ])('%s %s is %f', (type, bytes, value) => {
    expect(decodeSmcNumber(type, hex(bytes))).toBeCloseTo(value, 3);
    expect(encodeSmcNumber(type, decodeSmcNumber(type, hex(bytes))!).toString('hex')).toBe(bytes);
  });

  test('what is no number is none: texts, structures, other lengths, and floats that are not finite', () => {
    for (const [type, bytes] of [
      ['ch8*', '41424344'],
      ['{fds', '00000000'],
      ['hex_', '01'],
      ['flt ', '0000'],
      ['sp78', '26'],
      ['ioft', 'cccc2000'],
      ['flt ', '0000c07f'],
      ['flt ', '0000807f'],
      ['spg8', '0000'],
      ['', ''],
    ] as const)
      expect(decodeSmcNumber(type, hex(bytes)), `${type} ${bytes}`).toBeNull();
    expect(() => encodeSmcNumber('ch8*', 1)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
    expect(() => encodeSmcNumber('ui8 ', 256)).toThrow(expect.objectContaining({ code: 'INVALID' }));
    expect(() => encodeSmcNumber('fpe2', 20_000)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });
});

describe('what is called and read is what others found', () => {
  test.each(ARCHITECTURES)('the packet, %s', (architecture) => {
    const { size, leaves } = layoutOf(SMC_PACKET.struct, architecture);
    expect(SMC_PACKET.size).toBe(size);
    for (const [name, offset, type] of Object.values(SMC_PACKET.fields)) {
      expect({ offset, width: type === 'u8' ? 1 : 4 }, name).toEqual({ offset: leaves.get(name)?.offset, width: leaves.get(name)?.width });
    }
    const [name, offset, length] = SMC_PACKET.bytes;
    expect({ offset, length }).toEqual({ offset: leaves.get(name)?.offset, length: leaves.get(name)?.count });
  });

  const WIDTHS: Readonly<Record<string, string>> = {
    ...{ pointer: 'p', memory: 'p', text: 'p', ptr: 'p', u32: '4', i32: '4', u64: '8', i64: '8' },
  };
  test.each(Object.entries(SMC_FUNCTIONS))('%s', (name, { gives, takes }) => {
    const known = facts.functions[name]!;
    expect(known.exportedBy.some((place) => place.includes('IOKit.framework'))).toBe(true);
    expect(takes.map((type) => WIDTHS[type])).toEqual(known.takes!.map((type) => WIDTHS[type]));
    expect(WIDTHS[gives]).toBe(WIDTHS[known.gives!]);
  });
});

/** A controller of Apple silicon with two fans. */
const silicon = smcOf({
  keys: {
    F0Ac: ['flt ', 2000],
    FNum: ['ui8 ', 2],
    PSTR: ['flt ', hex('606fde40')],
    TB0T: ['flt ', 32.5],
    TCMb: ['flt ', 49.75],
    TCMz: ['flt ', 64.5],
    TVA0: ['flt ', 30],
    Tp01: ['flt ', 6.7],
    Tg05: ['flt ', 41],
    zEnd: ['ch8*', Buffer.from('text')],
  },
  unreadable: { Tg05: SMC_RESULTS.notReadable },
  services: ['AppleSMCEndpoint0', 'AppleSMCKeysEndpoint'],
});

function withSmc<Result>(machine: FakeMachine, use: (smc: Smc, fake: FakeDarwin) => Result): Result {
  const fake = openFakeDarwin(machine);
  const smc = openSmc(fake.libraries);
  let result: Result;
  try {
    result = use(smc, fake);
  } finally {
    smc.close();
    smc.close();
  }
  fake.expectClean();
  return result;
}
const search = (smc: Smc, isAppleSilicon = true): SmcKeys => {
  const steps = findSmcKeys(smc, isAppleSilicon);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};

describe.skipIf(noFakeDarwin !== null)('the SMC', () => {
  test('counts, names, describes and reads its keys', () => {
    withSmc(silicon, (smc) => {
      expect(smc.count()).toBe(10);
      expect([smc.nameAt(0), smc.nameAt(9), smc.nameAt(10)]).toEqual(['F0Ac', 'zEnd', null]);
      expect(smc.find('PSTR')).toEqual({ key: 'PSTR', type: 'flt ', size: 4 });
      expect(smc.find('none')).toBeNull();
      expect(smc.read(smc.find('PSTR')!)).toEqual(hex('606fde40'));
      expect(smc.read(smc.find('Tg05')!)).toBeNull();
      expect(smc.read({ key: 'PSTR', type: 'flt ', size: 8 })).toBeNull();
      expect(smc.read({ key: 'none', type: 'flt ', size: 4 })).toBeNull();
    });
  });

  test('takes a write of root, of the size that the key has, and says no otherwise', () => {
    withSmc(silicon, (smc, fake) => {
      const key = smc.find('PSTR')!;
      expect(() => smc.write(key, hex('00000000'))).toThrow(expect.objectContaining({ code: 'DENIED' }));
      fake.change({ answers: { 'smc-root': Buffer.alloc(0), 'smc-fixed:TB0T': Buffer.alloc(0) } });
      smc.write(key, hex('0000803f'));
      expect(decodeSmcNumber('flt ', smc.read(key)!)).toBe(1);
      expect(() => smc.write(key, hex('00'))).toThrow(expect.objectContaining({ code: 'INVALID' }));
      expect(() => smc.write({ ...key, size: 2 }, hex('0000'))).toThrow('another size');
      expect(() => smc.write(smc.find('TB0T')!, hex('00000000'))).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
      expect(() => smc.write({ ...key, key: 'none' }, hex('00000000'))).toThrow('no such key');
    });
  });

  test('is not there in a virtual machine, and may be refused', () => {
    const open = (machine: FakeMachine): (() => Smc) => {
      const fake = openFakeDarwin(machine);
      return () => openSmc(fake.libraries);
    };
    expect(open({})).toThrow(new HecateError('UNAVAILABLE', 'This machine has no system management controller (SMC).'));
    const refused = { result: constant('kIOReturnNotPermitted') | 0 };
    expect(open(merge(silicon, { answers: { IOServiceOpen: refused } }))).toThrow(expect.objectContaining({ code: 'DENIED' }));
    expect(open(merge(silicon, { answers: { 'IOServiceGetMatchingServices:AppleSMC': { result: 5 } } }))).toThrow('0x5');
    withSmc(silicon, (smc, fake) => {
      fake.change({ answers: { IOConnectCallStructMethod: { result: constant('kIOReturnBusy') | 0 } } });
      expect(() => smc.count()).toThrow(expect.objectContaining({ code: 'FAILED', message: expect.stringContaining('0xe00002d5') }));
      expect(fake.faults()).toBe('');
    });
  });

  test.each(Object.keys(SMC_FUNCTIONS))('without %s says so, and nothing leaks', (symbol) => {
    const fake = openFakeDarwin(silicon);
    const load: NativeLibraries['load'] = (path) => {
      const library = fake.libraries.load(path);
      return library && { ...library, function: (name, prototype) => (name === symbol ? null : library.function(name, prototype)) };
    };
    expect(() => openSmc({ ...fake.libraries, load })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining(symbol) }),
    );
    fake.expectClean();
  });
});

describe.skipIf(noFakeDarwin !== null)('the keys that are read', () => {
  test('are found by their names: the figure of a zone stands for its parts', () => {
    withSmc(silicon, (smc) => {
      const { sensors, fans, count, left, mask } = search(smc);
      expect(sensors.map(({ key, label }) => `${key.key} ${label}`)).toEqual([
        'PSTR System',
        'TB0T Battery 0',
        'TCMb CPU average',
        'TCMz CPU hottest',
        'Tg05 GPU Tg05',
      ]);
      expect({ count, left, mask, fans: fans.length }).toEqual({ count: 10, left: 1, mask: null, fans: 2 });
      expect(fans[0]).toMatchObject({ actual: { key: 'F0Ac' }, target: null, mode: null, label: null });
    });
  });

  test('are not too many of a zone, and gives way while it looks through two thousand', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`Tp${String(index).padStart(2, '0')}`, 40]));
    withSmc(smcOf({ keys: smcValues('flt ', many) }), (smc) => {
      expect(search(smc).sensors).toHaveLength(24);
      expect([...findSmcKeys(smc, true)]).toEqual([undefined]);
    });
  });

  test('that refuse are left out, and the others are read', () => {
    withSmc(silicon, (smc) => {
      const refuse = (): never => {
        throw new HecateError('FAILED', 'It refuses.');
      };
      const odd: Smc = {
        ...smc,
        find: (name) => (name === 'TB0T' ? refuse() : smc.find(name)),
        read: (key) => (key.key === 'TCMz' ? refuse() : smc.read(key)),
      };
      const { sensors, refused } = search(odd);
      expect(refused).toEqual(['TB0T', 'TCMz']);
      expect(sensors.map(({ key }) => key.key)).toEqual(['PSTR', 'TCMb', 'Tg05']);
      const mistake = new TypeError('ours');
      const broken: Smc = {
        ...smc,
        find() {
          throw mistake;
        },
      };
      expect(() => search(broken)).toThrow(mistake);
    });
  });

  test('of fans are as many as turn where nobody counts them, and no more than there are places', () => {
    const fans = (keys: FakeMachine): number => withSmc(keys, (smc) => search(smc).fans.length);
    const turning = smcValues('flt ', { F0Ac: 1000, F1Ac: 1100 });
    expect(fans(smcOf({ keys: turning }))).toBe(2);
    const counted = { ...turning, FNum: ['ui8 ', 0] } as const;
    expect(fans(smcOf({ keys: counted }))).toBe(0);
    expect(fans(smcOf({ keys: counted, unreadable: { FNum: SMC_RESULTS.notReadable } }))).toBe(2);
    expect(fans(smcOf({ keys: { FNum: ['ui8 ', 255] } }))).toBe(10);
  });

  test('mean other things on Intel', () => {
    expect(meaningOf('TC0P', false)?.label).toBe('CPU proximity 0');
    expect(meaningOf('TC0P', true)).toBeNull();
    expect(meaningOf('Tp09', true)).toMatchObject({ zone: 'cpu', label: 'CPU core Tp09' });
    expect(meaningOf('Tp09', false)).toBeNull();
    expect(meaningOf('Ts0P', true)?.label).toBe('Palm rest 0');
    expect(meaningOf('Ts0a', true)?.zone).toBe('cpu');
    expect(['TVA0', 'TVD0', 'F0Ac', 'tcal', 'TCMx'].map((name) => meaningOf(name, true))).toEqual([null, null, null, null, null]);
  });

  test('name a fan where the controller does', () => {
    const label = Buffer.concat([Buffer.from([0, 1, 0, 0]), Buffer.from('Left side   ')]);
    const keys = { FNum: ['ui8 ', 1], F0ID: ['{fds', label], F0Ac: ['fpe2', 1250], 'FS! ': ['ui16', 1] } as const;
    withSmc(smcOf({ keys }), (smc) => {
      const { fans, mask } = search(smc, false);
      expect(fans[0]).toMatchObject({ number: 0, label: 'Left side', actual: { type: 'fpe2', size: 2 } });
      expect(mask).toMatchObject({ key: 'FS! ' });
    });
  });
});
