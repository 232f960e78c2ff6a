import { HecateError } from '@hecate/host';
import type { InterfaceAddress } from '../../domain/interface.ts';
import type { ByteCursor } from '../../model/cursor.ts';
import { readHexadecimal } from '../hexadecimal.ts';
import { parsePlainAddress } from '../ip-address.ts';
import { nameFlags } from './netlink-address.ts';

/** An address and the interface that has it. */
export interface DeviceAddress {
  readonly device: string;
  readonly address: InterfaceAddress;
}

/** IPV6_ADDR_* scopes (include/net/ipv6.h). */
const IPV6_SCOPES: Readonly<Record<number, string>> = { 0: 'global', 0x10: 'host', 0x20: 'link', 0x40: 'site', 0x80: 'global' };

/**
 * /proc/net/if_inet6: address, interface's number, prefix length, scope, flags, all hexadecimal, and interface
 * (kernel: net/ipv6/addrconf.c, if6_seq_show). It has the lower eight flags only. Throws FAILED when a line is malformed.
 */
export function parseIfInet6(cursor: ByteCursor): DeviceAddress[] {
  const rows: DeviceAddress[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    const address = parsePlainAddress(cursor.word());
    readHexadecimal(cursor);
    const prefixLength = readHexadecimal(cursor);
    const scope = readHexadecimal(cursor);
    const flags = nameFlags(readHexadecimal(cursor), 'ipv6');
    const device = cursor.word();
    if (address === null || device === '') throw new HecateError('FAILED', 'A line of /proc/net/if_inet6 is malformed.');
    const scopeName = IPV6_SCOPES[scope] ?? String(scope);
    rows.push({ device, address: { family: 'ipv6', address, prefixLength, scope: scopeName, flags, broadcast: null, peer: null } });
  }
  return rows;
}

/** What the routing tables say about addresses: our own, and those of broadcasts, as numbers. */
export interface TrieAddresses {
  readonly local: ReadonlySet<number>;
  readonly broadcast: ReadonlySet<number>;
}

const toNumber = (address: string): number => address.split('.').reduce((value, byte) => value * 256 + Number(byte), 0);
const toText = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');

/**
 * /proc/net/fib_trie: `|-- 192.0.2.2`, and below it what it is: `/32 host LOCAL` (kernel: net/ipv4/fib_trie.c, fib_trie_seq_show).
 * The same address may come several times, in several tables.
 */
export function parseFibTrie(text: string): TrieAddresses {
  const local = new Set<number>();
  const broadcast = new Set<number>();
  for (const [, address, kinds] of text.matchAll(/\|-- (\d{1,3}(?:\.\d{1,3}){3})\n((?: +\/\d+ .*\n?)*)/g)) {
    if (/\/32 host LOCAL/.test(kinds!)) local.add(toNumber(address!));
    else if (/\/32 link BROADCAST/.test(kinds!)) broadcast.add(toNumber(address!));
  }
  return { local, broadcast };
}

/** A network that an interface reaches without a router. */
export interface ConnectedNetwork {
  readonly device: string;
  readonly network: number;
  readonly prefixLength: number;
}

/** Numbers of /proc/net/route are in the byte order of the machine, which is little-endian. */
const swap = (word: string): number => toNumber([6, 4, 2, 0].map((at) => Number.parseInt(word.slice(at, at + 2), 16)).join('.'));

/** The connected networks of /proc/net/route: destination, no gateway, and a mask. */
export function parseConnected(text: string): ConnectedNetwork[] {
  const networks: ConnectedNetwork[] = [];
  for (const line of text.split('\n').slice(1)) {
    const [device, destination, gateway, , , , , mask] = line.trim().split(/\s+/);
    if (!device || gateway !== '00000000' || !/^[\dA-F]{8}$/i.test(destination ?? '') || !/^[\dA-F]{8}$/i.test(mask ?? '')) continue;
    const prefixLength = Math.clz32(~swap(mask!));
    if (prefixLength > 0) networks.push({ device, network: swap(destination!), prefixLength });
  }
  return networks;
}

const LOOPBACK: ConnectedNetwork = { device: 'lo', network: 127 * 2 ** 24, prefixLength: 8 };

/** `value` without what is behind its first `length` bits. */
const networkOf = (value: number, length: number): number => value - (value % 2 ** (32 - length));

/**
 * IPv4 addresses by interface, as well as files tell: each belongs to the narrowest connected network that it lies in.
 * An address without one (the end of a point-to-point link) is left out, because nothing says whose it is.
 */
export function joinIpv4({ local, broadcast }: TrieAddresses, connected: readonly ConnectedNetwork[]): DeviceAddress[] {
  const narrowest = [...connected, LOOPBACK].sort((a, b) => b.prefixLength - a.prefixLength);
  return [...local].flatMap((value) => {
    const found = narrowest.find(({ network, prefixLength }) => networkOf(value, prefixLength) === network);
    if (!found) return [];
    const { device, prefixLength } = found;
    const last = found.network + 2 ** (32 - prefixLength) - 1;
    const address: InterfaceAddress = {
      family: 'ipv4',
      address: toText(value),
      prefixLength,
      scope: found === LOOPBACK ? 'host' : 'global',
      flags: null,
      broadcast: broadcast.has(last) && found !== LOOPBACK ? toText(last) : null,
      peer: null,
    };
    return [{ device, address }];
  });
}
