import { describe, expect, test } from 'vitest';
import { openDarwin } from '../binding/darwin.ts';
import { constant, encode } from '../fake/abi.testing.ts';
import { noFakeDarwin, openFakeDarwin } from '../fake/fake-darwin.testing.ts';
import { processorTicks } from '../fake/machine.testing.ts';
import { readField } from '../layout/layout.ts';
import { VM_STATISTICS } from '../layout/memory.ts';
import { readProcessorLoad } from './processor-load.ts';
import { readVmStatistics } from './vm-statistics.ts';

const LOAD = `host_processor_info:${constant('PROCESSOR_CPU_LOAD_INFO')}`;
const MEMORY = `host_statistics64:${constant('HOST_VM_INFO64')}`;

describe.skipIf(noFakeDarwin !== null)('Mach', () => {
  test('a refusal is an error with its name, and nothing is left behind', () => {
    const fake = openFakeDarwin({ answers: { [LOAD]: { result: 53 }, [MEMORY]: { result: 46 } } });
    const darwin = openDarwin(fake.host);
    expect(() => readProcessorLoad(darwin)).toThrow(
      expect.objectContaining({ code: 'DENIED', message: expect.stringContaining('KERN_DENIED') }),
    );
    expect(() => readVmStatistics(darwin)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
    fake.change({ answers: { [LOAD]: { result: 1234 } } });
    expect(() => readProcessorLoad(darwin)).toThrow('host_processor_info answered 1234.');
    fake.expectClean();
  });

  test('the ticks of each CPU are copied before the memory of the kernel is given back', () => {
    const ticks = processorTicks([
      [1, 2, 3, 4],
      [5, 6, 4_294_967_295, 8],
    ]);
    const fake = openFakeDarwin({ answers: { [LOAD]: ticks } });
    const darwin = openDarwin(fake.host);
    for (let time = 0; time < 3; time++) expect(readProcessorLoad(darwin)).toEqual(ticks);
    expect(fake.report().calls).toMatchObject({ host_processor_info: 3, vm_deallocate: 3, mach_host_self: 3, mach_port_deallocate: 3 });
    fake.expectClean();
  });

  test('memory statistics: those of macOS 12, those that grew, and a system that refuses a small count', () => {
    for (const struct of ['vm_statistics64', 'vm_statistics64_rev3'] as const) {
      const bytes = encode(struct, { free_count: 11, wire_count: 12, swapouts: 2 ** 40, internal_page_count: 14 });
      const fake = openFakeDarwin({ answers: { [MEMORY]: { bytes, error: bytes.length / 4 } } });
      const read = readVmStatistics(openDarwin(fake.host));
      expect(read).toEqual(bytes);
      const { free, wired, swapOuts, internal } = VM_STATISTICS.fields;
      expect([free, wired, swapOuts, internal].map((field) => readField(read, field))).toEqual([11, 12, 2 ** 40, 14]);
      fake.expectClean();
    }
    const short = openFakeDarwin({ answers: { [MEMORY]: Buffer.alloc(96) } });
    expect(() => readVmStatistics(openDarwin(short.host))).toThrow('answered 96 bytes only');
    short.expectClean();
  });
});
