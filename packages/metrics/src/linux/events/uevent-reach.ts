import { closeSync, fstatSync, openSync } from 'node:fs';
import { errnoOf, openNative } from '@hecate/host';
import type { Host } from '@hecate/host';

/** Asks a namespace for the user namespace that it belongs to, as a descriptor: `_IO(0xb7, 1)` of linux/nsfs.h, ioctl_ns(2). */
const NS_GET_USERNS = 0xb701;
/** The number of the first user namespace, the same on every machine: USER_NS_INIT_INO of linux/nsfs.h. */
const FIRST_USER_NAMESPACE = 0xeffffffd;

/**
 * Whether the kernel tells our network namespace about devices: it tells only those that belong to the first user namespace, and all
 * others about their own network interfaces at most (kernel: lib/kobject_uevent.c). Which user namespace we are in ourselves does not
 * matter. Null where it cannot be known: the owner is one that we may not see, which is most often the first.
 */
export function isToldOfDevices(host: Host): boolean | null {
  let network = -1;
  let owner = -1;
  try {
    network = openSync(host.resolve('/proc/thread-self/ns/net'), 'r');
    owner = openNative().syscall('ioctl', network, NS_GET_USERNS, 0);
    return fstatSync(owner).ino === FIRST_USER_NAMESPACE;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  } finally {
    for (const descriptor of [network, owner]) if (descriptor >= 0) closeSync(descriptor);
  }
}
