import { HecateError, nativeBuffer } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { APPLE } from '../apple-numbers.ts';
import { PROCESSOR_LOAD } from '../layout/processor.ts';
import { withHostPort } from './host-port.ts';
import { requireSuccess } from './kernel-error.ts';

const count = nativeBuffer(4);
const address = nativeBuffer(8);
const words = nativeBuffer(4);

/** {@link PROCESSOR_LOAD} of each CPU, one after the other. The kernel's copy in our memory is given back. Throws what Mach says. */
export function readProcessorLoad(darwin: Darwin): Buffer {
  const { libsystem, libraries } = darwin;
  return withHostPort(darwin, (host, task) => {
    requireSuccess(libsystem.host_processor_info(host, APPLE.PROCESSOR_CPU_LOAD_INFO, count, address, words), 'host_processor_info');
    const at = address.readBigUInt64LE(0);
    const size = words.readUInt32LE(0) * 4;
    try {
      const wanted = count.readUInt32LE(0) * PROCESSOR_LOAD.size;
      if (wanted === 0) throw new HecateError('FAILED', 'host_processor_info knows no CPU.');
      if (size < wanted) throw new HecateError('FAILED', `host_processor_info answered ${size} bytes where ${wanted} were promised.`);
      return libraries.copy(at, wanted);
    } finally {
      libsystem.vm_deallocate(task, at, size);
    }
  });
}
