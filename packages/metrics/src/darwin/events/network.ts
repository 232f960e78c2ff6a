import type { EventSource } from '../../events/event-source.ts';
import { createNetworkState } from '../../events/network-state.ts';
import type { AddressState, LinkState } from '../../events/network-state.ts';
import { APPLE } from '../apple-numbers.ts';
import { openDarwin } from '../binding/darwin.ts';
import type { Darwin } from '../binding/darwin.ts';
import { parseAddressList } from '../network/address-list.ts';
import { parseInterfaceList, readInterfaceList } from '../network/interface-list.ts';
import { readMedia } from '../network/media.ts';
import { openKernelSocket } from './kernel-socket.ts';
import { READABLE } from './waiter.ts';

/** Messages taken in at a time; others get their turn in between. */
const AT_ONCE = 256;

/** The interfaces and addresses as they are. Throws the system's error. */
function readNetwork(darwin: Darwin): { links: LinkState[]; addresses: AddressState[] } {
  const list = readInterfaceList(darwin);
  const interfaces = parseInterfaceList(list);
  const enabled = interfaces.filter(({ flags }) => (flags & APPLE.IFF_UP) !== 0);
  const media = readMedia(
    darwin,
    enabled.map(({ name }) => name),
  );
  const links = interfaces.map(({ index, name, flags }) => {
    const isEnabled = (flags & APPLE.IFF_UP) !== 0;
    // An Ethernet without a cable says that it runs; its medium knows better. Loopback and tunnels have none.
    const carrier = media.get(name)?.carrier ?? (flags & APPLE.IFF_RUNNING) !== 0;
    return { index, name, enabled: isEnabled, up: isEnabled && carrier };
  });
  const addresses = parseAddressList(list, () => false).map(({ index, address: { family, address, prefixLength } }): AddressState => {
    return { index, family: family === 'ipv4' ? 4 : 6, address, prefix: prefixLength };
  });
  return { links, addresses };
}

/**
 * Interfaces and addresses: the kernel's own messages wake us, and say of each link that it was lost and came back; the list of
 * interfaces then says how everything is, also what a full socket has lost.
 */
export const network: EventSource = {
  kinds: ['link', 'address'],
  open({ host, emit, watch }) {
    const darwin = openDarwin(host);
    const state = createNetworkState();
    const socket = openKernelSocket(darwin);
    try {
      let links: readonly LinkState[] = [];
      const readAll = (): ReturnType<typeof state.replace> => {
        const now = readNetwork(darwin);
        links = now.links;
        return state.replace(now.links, now.addresses);
      };
      readAll();
      watch(socket.descriptor, READABLE, () => {
        for (let count = 0; count < AT_ONCE; count++) {
          const message = socket.receive();
          if (!message) break;
          const { subclass, code, device } = message;
          const isLink = subclass === APPLE.KEV_DL_SUBCLASS && (code === APPLE.KEV_DL_LINK_ON || code === APPLE.KEV_DL_LINK_OFF);
          const link = isLink ? links.find(({ name, enabled }) => name === device && enabled) : undefined;
          if (link) state.apply({ is: 'link', gone: false, link: { ...link, up: code === APPLE.KEV_DL_LINK_ON } }).forEach(emit);
        }
        readAll().forEach(emit);
      });
    } catch (error) {
      socket.close();
      throw error;
    }
    return socket.close;
  },
};
