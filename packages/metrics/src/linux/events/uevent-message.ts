/** A message about a kernel object (kernel: lib/kobject_uevent.c). */
export interface Uevent {
  /** `add`, `remove`, `change`, `move`, `online`, `offline`, `bind`, `unbind`. */
  readonly action: string;
  /** Directory below /sys: `/devices/virtual/net/veth0`. */
  readonly path: string;
  readonly subsystem: string;
}

const NUL = 0;

/** `add@/devices/…`, then `KEY=value` texts, each ended by NUL. Null when action, path or subsystem is missing. */
export function parseUevent(message: Buffer): Uevent | null {
  let action: string | undefined;
  let path: string | undefined;
  let subsystem: string | undefined;
  for (let at = message.indexOf(NUL) + 1; at > 0 && at < message.length;) {
    const found = message.indexOf(NUL, at);
    const end = found < 0 ? message.length : found;
    const text = message.toString('utf8', at, end);
    // The first one counts: names come later in the message than these three.
    if (text.startsWith('ACTION=')) action ??= text.slice(7);
    else if (text.startsWith('DEVPATH=')) path ??= text.slice(8);
    else if (text.startsWith('SUBSYSTEM=')) subsystem ??= text.slice(10);
    at = end + 1;
  }
  if (action === undefined || path === undefined || subsystem === undefined || !path.startsWith('/')) return null;
  return { action, path, subsystem };
}
