/** `struct kevent64_s` of sys/event.h: what is asked of a queue of the kernel, and what it tells. */
export const QUEUE_EVENT = {
  struct: 'kevent64_s',
  size: 48,
  fields: {
    identity: ['ident', 0, 'u64'],
    filter: ['filter', 8, 'i16'],
    flags: ['flags', 10, 'u16'],
    notes: ['fflags', 12, 'u32'],
    data: ['data', 16, 'i64'],
  },
} as const;

/** `struct kev_request` of sys/kern_event.h: which messages of the kernel a socket is told of. */
export const MESSAGE_REQUEST = {
  struct: 'kev_request',
  size: 12,
  fields: {
    vendor: ['vendor_code', 0, 'u32'],
    class: ['kev_class', 4, 'u32'],
    subclass: ['kev_subclass', 8, 'u32'],
  },
} as const;

/** `struct kern_event_msg` of sys/kern_event.h: a message of the kernel. What it is about begins with `event_data`. */
export const KERNEL_MESSAGE = {
  struct: 'kern_event_msg',
  size: 28,
  fields: {
    length: ['total_size', 0, 'u32'],
    class: ['kev_class', 8, 'u32'],
    subclass: ['kev_subclass', 12, 'u32'],
    code: ['event_code', 20, 'u32'],
    data: ['event_data', 24, 'u32'],
  },
} as const;

/** `struct net_event_data` of net/if_var.h: the interface that a message is about. It lies at `event_data`. */
export const MESSAGE_INTERFACE = {
  struct: 'net_event_data',
  size: 24,
  fields: { unit: ['if_unit', 4, 'u32'] },
  texts: { name: ['if_name', 8, 16] },
} as const;
