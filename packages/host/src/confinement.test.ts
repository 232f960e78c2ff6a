import { expect, test } from 'vitest';
import { confineProcess, landlockVersion } from './confinement.ts';
import type { Native, SyscallArgument } from './native.ts';

/** A kernel of that version, which notes what it is asked; what it does is checked in test/confinement.test.ts and in the guest. */
function kernelOf(version: number): {
  native: Native;
  rulesets: { attributes: bigint[]; size: unknown }[];
  rules: number;
  calls: string[];
} {
  const seen = { rulesets: [] as { attributes: bigint[]; size: unknown }[], rules: 0, calls: [] as string[] };
  const syscall = (name: string, ...given: readonly SyscallArgument[]): number => {
    if (name === 'landlock_create_ruleset' && given[0] === null) return version;
    seen.calls.push(name);
    if (name === 'landlock_add_rule') seen.rules++;
    if (name !== 'landlock_create_ruleset') return 0;
    const memory = given[0] as Buffer;
    seen.rulesets.push({ attributes: [0, 8, 16].map((at) => memory.readBigUInt64LE(at)), size: given[1] });
    throw Object.assign(new Error('That far.'), { code: 'EFAR' });
  };
  return Object.assign(seen, { native: { syscall } as unknown as Native });
}

/** The bits that a kernel is asked for, and the length of the structure. */
function asked(version: number, options: Partial<Parameters<typeof confineProcess>[0]> = {}): { attributes: bigint[]; size: unknown } {
  const kernel = kernelOf(version);
  const all = { writable: [], connect: false, signal: false, bind: [0], ...options };
  expect(() => confineProcess(all, kernel.native)).toThrow('That far.');
  return kernel.rulesets[0]!;
}

// Bits by version, from include/uapi/linux/landlock.h: a kernel answers EINVAL to one that it does not know.
const FILES = 0b1_1111_1111_0010n;
test.each([
  [1, FILES, 0n, 0n, 8],
  [2, FILES | (1n << 13n), 0n, 0n, 8],
  [3, FILES | (0b11n << 13n), 0n, 0n, 8],
  [4, FILES | (0b11n << 13n), 0b11n, 0n, 16],
  [5, FILES | (0b11n << 13n), 0b11n, 0n, 16],
  [6, FILES | (0b11n << 13n), 0b11n, 0b10n, 24],
  [99, FILES | (0b11n << 13n), 0b11n, 0b10n, 24],
])('version %i is asked for no more than it knows', (version, files, net, scoped, size) => {
  expect(asked(version)).toEqual({ attributes: [files, net, scoped], size });
});

test('what is allowed is not handled at all', () => {
  expect(asked(7, { connect: true, signal: true }).attributes.slice(1)).toEqual([0b01n, 0n]);
  const kernel = kernelOf(7);
  expect(() => confineProcess({ writable: [], connect: true, signal: true }, kernel.native)).toThrow('That far.');
  expect(kernel.rulesets[0]!.attributes.slice(1)).toEqual([0n, 0n]);
});

test.each(['ENOSYS', 'EOPNOTSUPP'])('a kernel that answers %s has none', (code) => {
  const native = {
    syscall: () => {
      throw Object.assign(new Error(code), { code });
    },
  } as unknown as Native;
  expect(() => landlockVersion(native)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
});
