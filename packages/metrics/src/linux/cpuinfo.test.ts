import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCpuinfo } from './cpuinfo.ts';

test.each([
  [
    'x86',
    'processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 142\nmodel name\t: Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz\n\nprocessor\t: 1\nmodel name\t: other\n',
    'Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz',
    2,
  ],
  [
    'Arm, a known core',
    'processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\nCPU part\t: 0xd0c\n\nprocessor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n',
    'Neoverse N1',
    2,
  ],
  ['Arm, an unknown core', 'processor\t: 0\nCPU implementer\t: 0x99\nCPU part\t: 0x123\n', 'Arm implementer 0x99 part 0x123', 1],
  [
    '32-bit Arm',
    'processor\t: 0\nmodel name\t: ARMv7 Processor rev 4 (v7l)\nCPU part\t: 0xd03\nCPU implementer\t: 0x41\n\nHardware\t: BCM2835\nModel\t\t: Raspberry Pi 3 Model B Rev 1.2\n',
    'ARMv7 Processor rev 4 (v7l)',
    1,
  ],
  ['a board that names only itself', 'Processor\t: old\nprocessor\t: 0\n\nHardware\t: Allwinner sun8i\n', 'Allwinner sun8i', 1],
  [
    's390',
    'vendor_id       : IBM/S390\n# processors    : 2\nbogomips per cpu: 3033.00\nprocessor 0: version = FF,  identification = 2733E8,  machine = 2964\nprocessor 1: version = FF,  identification = 2733E8,  machine = 2964\n',
    'IBM/S390 2964',
    2,
  ],
  [
    'PowerPC',
    'processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: 2300.000000MHz\n\ntimebase\t: 512000000\nplatform\t: pSeries\nmachine\t\t: CHRP IBM,9008-22L\n',
    'POWER9, altivec supported',
    1,
  ],
  ['RISC-V', 'processor\t: 0\nhart\t\t: 1\nisa\t\t: rv64imafdc\nuarch\t\t: sifive,u74-mc\n', 'sifive,u74-mc', 1],
  ['MIPS', 'system type\t\t: MT7621\nmachine\t\t\t: router\nprocessor\t\t: 0\ncpu model\t\t: MIPS 1004Kc V2.15\n', 'MIPS 1004Kc V2.15', 1],
  ['LoongArch', 'processor\t\t: 0\nModel Name\t\t: Loongson-3A5000\n', 'Loongson-3A5000', 1],
  ['SPARC', 'cpu\t\t: UltraSparc T5 (Niagara5)\nncpus probed\t: 256\nncpus active\t: 256\n', 'UltraSparc T5 (Niagara5)', 256],
  ['nothing', '', null, null],
])('%s', (_, text, model, count) => {
  expect(parseCpuinfo(text)).toEqual({ model, count });
});

test('any text is read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { count } = parseCpuinfo(`processor : 0\n${text}`);
      expect(count).toBeGreaterThan(0);
    }),
  );
});
