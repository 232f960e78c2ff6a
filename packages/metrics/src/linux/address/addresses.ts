import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { InterfaceAddress } from '../../domain/interface.ts';
import { ByteCursor } from '../../model/cursor.ts';
import type { GapSink } from '../../model/gap.ts';
import { readStart } from '../file-start.ts';
import { netDirectory } from '../net-directory.ts';
import type { LinkFacts } from '../netlink/link.ts';
import { readLinks, readNetlinkAddresses } from '../netlink/route.ts';
import { NETLINK_ROUTE, openNetlink } from '../netlink/socket.ts';
import type { NetlinkSocket } from '../netlink/socket.ts';
import { joinIpv4, parseConnected, parseFibTrie, parseIfInet6 } from './file-address.ts';
import type { DeviceAddress } from './file-address.ts';
import { describeAddress } from './netlink-address.ts';

/** What is known of an interface beside /sys. */
export interface KnownInterface {
  /** Null where the kernel was not asked. */
  readonly index: number | null;
  /** What the kernel told of it; nothing where it was not asked. */
  readonly facts: Partial<LinkFacts>;
  readonly addresses: InterfaceAddress[];
}

/** What was learned of all interfaces. */
export interface KnownInterfaces {
  /** By name. */
  readonly interfaces: ReadonlyMap<string, KnownInterface>;
  /** Whether interfaces without an address are among them. */
  readonly complete: boolean;
}

/** A source of addresses that keeps what it needs. */
export interface AddressSource {
  /** Null when nothing could be read. */
  read(gaps: GapSink): KnownInterfaces | null;
  close(): void;
}

/** A routing table longer than this is that of a router; the rest of it is not read. */
const LONGEST_TABLE = 1 << 20;

function collect(rows: readonly DeviceAddress[], into: Map<string, KnownInterface>): void {
  for (const { device, address } of rows) {
    const known = into.get(device);
    if (known) known.addresses.push(address);
    else into.set(device, { index: null, facts: {}, addresses: [address] });
  }
}

/** Addresses from files: those of IPv4 come from the routing tables, so some may be missing. */
function readFiles(host: Host, gaps: GapSink): Map<string, KnownInterface> | null {
  const interfaces = new Map<string, KnownInterface>();
  const directory = netDirectory(host);
  let read = 0;
  const attempt = (field: string, task: () => readonly DeviceAddress[]): void => {
    try {
      collect(task(), interfaces);
      read++;
    } catch (error) {
      if (!(error instanceof HecateError) && errnoOf(error) === undefined) throw error;
      gaps.addError(field, error);
    }
  };
  const start = (name: string): string => {
    const { buffer, length } = readStart(host, `${directory}/${name}`, Buffer.allocUnsafeSlow(LONGEST_TABLE));
    return buffer.toString('latin1', 0, length);
  };
  attempt('interface.addresses', () => joinIpv4(parseFibTrie(start('fib_trie')), parseConnected(start('route'))));
  attempt('interface.addresses', () => parseIfInet6(new ByteCursor().reset(host.read(`${directory}/if_inet6`))));
  return read === 0 ? null : interfaces;
}

function askKernel(socket: NetlinkSocket): Map<string, KnownInterface> {
  const interfaces = new Map<string, KnownInterface>();
  const byIndex = new Map<number, KnownInterface>();
  for (const { index, name, facts } of readLinks(socket)) {
    const known = { index, facts, addresses: [] };
    interfaces.set(name, known);
    byIndex.set(index, known);
  }
  for (const address of readNetlinkAddresses(socket)) byIndex.get(address.index)?.addresses.push(describeAddress(address));
  return interfaces;
}

/** Opens the best source of addresses: the kernel, or where native calls are not to be had, and of other machines, files. */
export function openAddresses(host: Host): AddressSource {
  let socket: NetlinkSocket | undefined;
  let useFiles = host.kind !== 'real';
  return {
    read(gaps) {
      if (!useFiles) {
        try {
          socket ??= openNetlink(NETLINK_ROUTE);
          return { interfaces: askKernel(socket), complete: true };
        } catch (error) {
          if (!(error instanceof HecateError) && errnoOf(error) === undefined) throw error;
          useFiles = socket === undefined;
          gaps.addError('interface.internetAddresses', error);
        }
      }
      const interfaces = readFiles(host, gaps);
      return interfaces && { interfaces, complete: false };
    },
    close() {
      socket?.close();
      socket = undefined;
    },
  };
}
