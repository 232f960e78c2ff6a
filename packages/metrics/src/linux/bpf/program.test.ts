import { expect, test } from 'vitest';
import { createProgram } from './program.ts';
import type { Program } from './program.ts';

/** The bytes of one instruction. */
function bytesOf(write: (program: Program) => void): string {
  const program = createProgram();
  write(program);
  return program.encode().toString('hex');
}

// Worked out by hand from the instruction set: code, source and destination, offset (16 bits), number (32 bits).
test.each<[name: string, hex: string, write: (program: Program) => void]>([
  ['r7 = *(u64 *)(r6 + 8)', '7967080000000000', (p) => p.load(7, 6, 8, 8)],
  ['r1 = *(u32 *)(r10 - 204)', '61a134ff00000000', (p) => p.load(1, 10, -204, 4)],
  ['r0 = *(u16 *)(r0 + 2)', '6900020000000000', (p) => p.load(0, 0, 2, 2)],
  ['r0 = *(u8 *)(r0 + 32767)', '7100ff7f00000000', (p) => p.load(0, 0, 32_767, 1)],
  ['*(u64 *)(r10 - 8) = r9', '7b9af8ff00000000', (p) => p.store(10, -8, 9, 8)],
  ['*(u32 *)(r10 - 4) = r0', '630afcff00000000', (p) => p.store(10, -4, 0, 4)],
  ['*(u16 *)(r10 - 4) = r0', '6b0afcff00000000', (p) => p.store(10, -4, 0, 2)],
  ['*(u8 *)(r10 - 4) = r0', '730afcff00000000', (p) => p.store(10, -4, 0, 1)],
  ['*(u32 *)(r10 - 208) = 88', '620a30ff58000000', (p) => p.storeNumber(10, -208, 88)],
  ['r6 = r1', 'bf16000000000000', (p) => p.move(6, 1)],
  ['r0 = 0', 'b700000000000000', (p) => p.moveNumber(0, 0)],
  ['r1 += -1', '07010000ffffffff', (p) => p.addNumber(1, -1)],
  ['r9 += r0', '0f09000000000000', (p) => p.add(9, 0)],
  ['r1 &= 61440', '5701000000f00000', (p) => p.andNumber(1, 0xf000)],
  ['call 127', '850000007f000000', (p) => p.call(127)],
  ['exit', '9500000000000000', (p) => p.exit()],
])('%s', (_name, hex, write) => {
  expect(bytesOf(write)).toBe(hex);
});

test('jumps count from the instruction behind them, in both directions', () => {
  const program = createProgram();
  program.label('start');
  program.jumpIf(7, '==', 0, 'end');
  program.jumpIf(0, 's<', 0, 'end');
  program.jumpIf(0, '<', 2, 'end');
  program.jumpIf(0, '!=', -1, 'end');
  program.jumpIfSame(1, 2, 'end');
  program.jump('start');
  program.label('end');
  program.exit();
  expect(program.encode().toString('hex').match(/.{16}/g)).toEqual([
    '1507050000000000',
    'c500040000000000',
    'a500030002000000',
    '55000200ffffffff',
    '1d21010000000000',
    '0500faff00000000',
    '9500000000000000',
  ]);
});

test('what an instruction cannot hold is refused, and so are labels that are missing or there twice', () => {
  expect(() => bytesOf((p) => p.load(0, 1, 32_768, 8))).toThrow(RangeError);
  expect(() => bytesOf((p) => p.storeNumber(10, 0, 2 ** 32))).toThrow(RangeError);
  expect(() => bytesOf((p) => p.jump('nowhere'))).toThrow('no label nowhere');
  const twice = createProgram();
  twice.label('here');
  expect(() => twice.label('here')).toThrow('twice');
});
