import { closeSync, openSync } from 'node:fs';
import { HecateError } from '@hecate/host';
import type { Native } from '@hecate/host';
import { expect, test } from 'vitest';
import { linkIterator, uninterrupted } from './load.ts';

const failing = (code: string): Error => Object.assign(new Error(code), { code });

/** A native door whose bpf(2) answers in turn: an error's name, or a descriptor. The log of the verifier is what it writes. */
function fakeNative(answers: readonly string[], log: string = ''): Native & { calls: string[] } {
  const memory = new Map<bigint, Buffer>();
  const calls: string[] = [];
  let turn = 0;
  return {
    calls,
    address(buffer) {
      const address = BigInt(memory.size + 1) << 20n;
      memory.set(address, buffer);
      return address;
    },
    syscall(name, command, attr) {
      calls.push(`${name} ${String(command)}`);
      const answer = answers[turn++] ?? 'open';
      if (Buffer.isBuffer(attr) && command === 5) memory.get(attr.readBigUInt64LE(32))?.write(log, 'latin1');
      if (answer !== 'open') throw failing(answer);
      return openSync('/dev/null', 'r');
    },
    libraryFunction(prototype) {
      calls.push(prototype.split('(')[0]!);
      return () => 0;
    },
    poll: () => Promise.resolve(0),
  };
}

const program = { name: 'a_name_that_is_too_long', instructions: Buffer.alloc(16), attachTo: 7 };
const refusal = (native: Native): HecateError => {
  try {
    closeSync(linkIterator(native, program));
  } catch (error) {
    if (error instanceof HecateError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
};

test('a program is loaded, linked and closed', () => {
  const native = fakeNative([]);
  closeSync(linkIterator(native, program));
  expect(native.calls).toEqual(['bpf 5', 'bpf 28']);
});

test('when a signal cuts the loading short, it is repeated while signals wait', () => {
  const native = fakeNative(['EAGAIN', 'EAGAIN', 'EINTR', 'open', 'EINTR']);
  closeSync(linkIterator(native, program));
  expect(native.calls).toEqual(['bpf 5', 'int pthread_sigmask', 'bpf 5', 'bpf 5', 'bpf 5', 'bpf 28', 'bpf 28']);
});

test('a call that signals always cut short is not repeated for ever', () => {
  let calls = 0;
  expect(() =>
    uninterrupted(() => {
      calls++;
      throw failing('EINTR');
    }),
  ).toThrow('EINTR');
  expect(calls).toBe(8);
});

test('EPERM is tried again with the memory that Linux before 5.11 asks for, then it is a matter of rights', () => {
  const once = fakeNative(['EPERM']);
  closeSync(linkIterator(once, program));
  expect(once.calls).toEqual(['bpf 5', 'int getrlimit', 'int setrlimit', 'bpf 5', 'bpf 28']);
  expect(refusal(fakeNative(['EPERM', 'EPERM']))).toMatchObject({ code: 'DENIED', hint: expect.stringContaining('CAP_PERFMON') as string });
});

test('what the verifier says is in the error, its statistics not', () => {
  const log = '0: (79) r1 = *(u64 *)(r1 +0)\nR1 invalid mem access\nprocessed 1 insns (limit 1000000)\n';
  expect(refusal(fakeNative(['EACCES', 'EACCES'], log)).message).toBe(
    'The kernel refuses the BPF iterator (EACCES): R1 invalid mem access.',
  );
  expect(refusal(fakeNative(['EINVAL', 'EINVAL'])).message).toContain('said nothing');
});

test('a kernel without bpf(2) is unsupported; a link that fails leaves no program behind', () => {
  expect(refusal(fakeNative(['ENOSYS']))).toMatchObject({ code: 'UNSUPPORTED' });
  expect(refusal(fakeNative(['open', 'EINVAL']))).toMatchObject({ code: 'FAILED' });
});

test('what is no error of the system goes through', () => {
  const broken: Native = {
    ...fakeNative([]),
    syscall: () => {
      throw new HecateError('UNSUPPORTED', 'System calls are not known here.');
    },
  };
  expect(refusal(broken).message).toBe('System calls are not known here.');
});
