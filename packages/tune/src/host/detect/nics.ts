import type { NicFacts } from '../facts.ts';
import type { Look } from './look.ts';

/** Drivers of interfaces that a hypervisor or a cloud makes (`vif` is Xen's). */
const PARAVIRTUAL = new Set(['virtio_net', 'vmxnet3', 'vif', 'hv_netvsc', 'ena', 'gve', 'mana']);

/** Drivers of old cards that hypervisors imitate; on hardware they are what they say. */
const IMITATED = new Set(['e1000', 'e1000e', '8139cp', '8139too', 'pcnet32']);

/** What drivers say when they do not know: -1 in 16 or 32 bits. */
const NO_SPEED = new Set([65_535, 4_294_967_295]);

/** Bits a second of /sys's megabits; null when the link is down or the driver does not know. */
function speedOf(megabits: number | null): number | null {
  return megabits === null || megabits <= 0 || NO_SPEED.has(megabits) ? null : megabits * 1e6;
}

/**
 * Interfaces with a device behind them (kernel: Documentation/ABI/testing/sysfs-class-net); bridges, tunnels and the ends of
 * containers have none. The collector of interfaces is not asked: it opens netlink and reads some twenty files of each, and a
 * machine with containers has hundreds.
 */
export function readNics(look: Look, hypervisor: string | null): NicFacts[] {
  return look.names('/sys/class/net', /^[\w][\w.:@-]*$/).flatMap((name) => {
    const directory = `/sys/class/net/${name}`;
    const parts = look.names(directory, /^(?:device|wireless|phy80211)$/);
    if (!parts.includes('device')) return [];
    const driver = look.target(`${directory}/device/driver`);
    const isVirtual = driver !== null && (PARAVIRTUAL.has(driver) || (hypervisor !== null && IMITATED.has(driver)));
    return [{ name, driver, speed: speedOf(look.number(`${directory}/speed`)), wireless: parts.length > 1, virtual: isVirtual }];
  });
}
