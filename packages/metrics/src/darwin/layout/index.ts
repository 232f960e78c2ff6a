import {
  ADDRESS_MESSAGE,
  INTERFACE_DATA,
  INTERFACE_MESSAGE,
  INTERFACE_MIB,
  IPV4_ADDRESS,
  IPV6_ADDRESS,
  LINK_ADDRESS,
  MEDIA_REQUEST,
  ROUTE_MESSAGE,
  SOCKET_ADDRESS,
} from './interface.ts';
import { KERNEL_MESSAGE, MESSAGE_INTERFACE, MESSAGE_REQUEST, QUEUE_EVENT } from './kernel-event.ts';
import type { Layout } from './layout.ts';
import { SWAP_USAGE, VM_STATISTICS } from './memory.ts';
import { MOUNT } from './mount.ts';
import { ACCOUNT, PROCESS_ENTRY, RESOURCE_USAGE, TASK_INFO } from './process.ts';
import { PROCESSOR_LOAD, TIMEVAL } from './processor.ts';
import { ICMP_COUNTERS, IP_COUNTERS, TCP_COUNTERS, UDP_COUNTERS } from './protocol.ts';

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
  ADDRESS_MESSAGE,
  ROUTE_MESSAGE,
  SOCKET_ADDRESS,
  IPV4_ADDRESS,
  IPV6_ADDRESS,
  MEDIA_REQUEST,
  TCP_COUNTERS,
  UDP_COUNTERS,
  IP_COUNTERS,
  ICMP_COUNTERS,
  MOUNT,
  PROCESS_ENTRY,
  TASK_INFO,
  RESOURCE_USAGE,
  ACCOUNT,
  QUEUE_EVENT,
  MESSAGE_REQUEST,
  KERNEL_MESSAGE,
  MESSAGE_INTERFACE,
];
