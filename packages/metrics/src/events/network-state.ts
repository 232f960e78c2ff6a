import type { AddressEvent, LinkEvent } from './event.ts';

/** An interface, as the kernel last told of it. */
export interface LinkState {
  readonly index: number;
  readonly name: string;
  /** Switched on. */
  readonly enabled: boolean;
  /** Switched on, and can carry data. */
  readonly up: boolean;
}

/** An address of an interface. */
export interface AddressState {
  readonly index: number;
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
}

/** What the kernel says of an interface or an address. */
export type NetworkNews =
  | { readonly is: 'link'; readonly gone: boolean; readonly link: LinkState }
  | { readonly is: 'address'; readonly gone: boolean; readonly address: AddressState };

/** Interfaces and addresses as they were told of last, from which it follows what is news. */
export interface NetworkState {
  /** Takes a message in; gives what it changes. The kernel repeats itself, so that is often nothing. */
  apply(news: NetworkNews): (LinkEvent | AddressEvent)[];
  /** Takes in the whole state, read anew; gives the differences. */
  replace(links: readonly LinkState[], addresses: readonly AddressState[]): (LinkEvent | AddressEvent)[];
}

/** A state that knows nothing yet. */
export function createNetworkState(): NetworkState {
  const links = new Map<number, LinkState>();
  const addresses = new Map<string, AddressState>();
  const keyOf = ({ index, address, prefix }: AddressState): string => `${index} ${address}/${prefix}`;

  const linkEvent = (change: LinkEvent['change'], { name, index, enabled }: LinkState, previous: string | null = null): LinkEvent => ({
    kind: 'link',
    change,
    device: name,
    index,
    previous,
    enabled,
  });
  const addressEvent = (change: AddressEvent['change'], { index, family, address, prefix }: AddressState): AddressEvent => ({
    kind: 'address',
    change,
    device: links.get(index)?.name ?? `#${index}`,
    address,
    prefix,
    family,
  });

  const take = (link: LinkState): LinkEvent[] => {
    const before = links.get(link.index);
    links.set(link.index, link);
    if (!before) return [linkEvent('added', link), ...(link.up ? [linkEvent('up', link)] : [])];
    const events: LinkEvent[] = [];
    if (before.name !== link.name) events.push(linkEvent('renamed', link, before.name));
    if (before.up !== link.up) events.push(linkEvent(link.up ? 'up' : 'down', link));
    return events;
  };
  const drop = (index: number): LinkEvent[] => {
    const before = links.get(index);
    if (!before) return [];
    links.delete(index);
    return [...(before.up ? [linkEvent('down', before)] : []), linkEvent('removed', before)];
  };
  const takeAddress = (address: AddressState): AddressEvent[] => {
    const key = keyOf(address);
    // Repeated when its lifetime or its state of being checked changes.
    if (addresses.has(key)) return [];
    addresses.set(key, address);
    return [addressEvent('added', address)];
  };
  const dropAddress = (address: AddressState): AddressEvent[] =>
    addresses.delete(keyOf(address)) ? [addressEvent('removed', address)] : [];

  return {
    apply(news) {
      if (news.is === 'link') return news.gone ? drop(news.link.index) : take(news.link);
      return news.gone ? dropAddress(news.address) : takeAddress(news.address);
    },
    replace(allLinks, allAddresses) {
      const present = new Set(allLinks.map(({ index }) => index));
      const held = new Set(allAddresses.map(keyOf));
      return [
        ...[...addresses.values()].filter((address) => !held.has(keyOf(address))).flatMap(dropAddress),
        ...[...links.keys()].filter((index) => !present.has(index)).flatMap(drop),
        ...allLinks.flatMap(take),
        ...allAddresses.flatMap(takeAddress),
      ];
    },
  };
}
