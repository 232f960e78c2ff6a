import { INTERFACE_DATA, INTERFACE_MESSAGE, INTERFACE_MIB, LINK_ADDRESS } from './interface.ts';
import type { Layout } from './layout.ts';
import { SWAP_USAGE, VM_STATISTICS } from './memory.ts';
import { MOUNT } from './mount.ts';
import { ACCOUNT, PROCESS_ENTRY, RESOURCE_USAGE, TASK_INFO } from './process.ts';
import { PROCESSOR_LOAD, TIMEVAL } from './processor.ts';

/** Every structure that is read, for the test that holds them against the facts and for those that encode them. */
export const LAYOUTS: readonly Layout[] = [
  PROCESSOR_LOAD,
  TIMEVAL,
  VM_STATISTICS,
  SWAP_USAGE,
  INTERFACE_MESSAGE,
  INTERFACE_DATA,
  INTERFACE_MIB,
  LINK_ADDRESS,
  MOUNT,
  PROCESS_ENTRY,
  TASK_INFO,
  RESOURCE_USAGE,
  ACCOUNT,
];
