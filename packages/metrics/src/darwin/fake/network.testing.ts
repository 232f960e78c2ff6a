import { constant, encode } from './abi.testing.ts';
import type { FieldValue } from './abi.testing.ts';
import type { FakeMachine, Refusal } from './machine.testing.ts';

/** An address of an interface: `192.168.1.20/24`, `fe80::1c2a/64`; the broadcast, or the other end of a tunnel. */
export interface FakeAddress {
  readonly address: string;
  readonly other?: string;
}

/** A network interface: its counters by Apple's names, and other numbers of `if_data64`. */
export interface FakeInterface {
  readonly name: string;
  readonly index: number;
  /** IFT number. */
  readonly type: number;
  readonly counters: Readonly<Record<string, number | bigint>>;
  readonly queueDrops?: number;
  readonly queueLength?: number;
  /** What IFMIB answers; a refusal makes the list the only source. */
  readonly exact?: 'refused';
  /** Names of flags: `UP`, `RUNNING`. Default: both. */
  readonly flags?: readonly string[];
  /** `a4:83:e7:00:11:22`. Default: none. */
  readonly hardware?: string;
  readonly addresses?: readonly FakeAddress[];
  /** What its driver says of its link; without it it refuses. */
  readonly media?: { readonly status: number; readonly active: number };
}

/** `bytes` with room to a multiple of 4. */
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** The bytes of an IP address, in network order. */
function bytesOf(address: string): Buffer {
  if (address.includes('.')) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const words = (part: string): number[] => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)));
  const [first, last] = [words(head), words(tail ?? '')];
  const bytes = Buffer.alloc(16);
  for (const [at, word] of [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last].entries())
    bytes.writeUInt16BE(word, at * 2);
  return bytes;
}

/** A socket address. The kernel writes the interface's number into the second word of link-local ones, and leaves their scope 0. */
export function socketAddress(address: string, index = 0): Buffer {
  const bytes = bytesOf(address);
  if (bytes.length === 4)
    return encode('sockaddr_in', { sin_len: 16, sin_family: constant('AF_INET'), 'sin_addr.s_addr': bytes.readUInt32LE(0) });
  if (address.startsWith('fe80')) bytes.writeUInt16BE(index, 2);
  return encode('sockaddr_in6', { sin6_len: 28, sin6_family: constant('AF_INET6'), 'sin6_addr.__u6_addr.__u6_addr8': [...bytes] });
}

/** A mask as the kernel has it: it ends with its last byte that is not 0, and has no family where it is short. */
export function socketMask(length: number, family: 'ipv4' | 'ipv6'): Buffer {
  const at = family === 'ipv4' ? 4 : 8;
  const bytes = Buffer.alloc(at + Math.ceil(length / 8));
  for (let bit = 0; bit < length; bit++) bytes[at + (bit >> 3)]! |= 0x80 >> (bit & 7);
  if (length === 0) return Buffer.alloc(4);
  bytes[0] = bytes.length;
  return padded(bytes);
}

/** A link address: the name of an interface, and its hardware address. */
function linkAddress({ name, index, type, hardware = '' }: Pick<FakeInterface, 'name' | 'index' | 'type' | 'hardware'>): Buffer {
  const own = Buffer.from(hardware.replaceAll(':', ''), 'hex');
  const address = encode('sockaddr_dl', {
    sdl_len: Math.max(20, 8 + name.length + own.length),
    sdl_family: constant('AF_LINK'),
    sdl_index: index,
    sdl_type: type,
    sdl_nlen: name.length,
    sdl_alen: own.length,
  });
  return padded(Buffer.concat([address.subarray(0, 8), Buffer.from(name), own, Buffer.alloc(Math.max(0, 12 - name.length - own.length))]));
}

/** A message of a structure, with the addresses that follow it, by the names of their bits. */
export function message(
  struct: string,
  prefix: string,
  fields: Readonly<Record<string, FieldValue>>,
  behind: Readonly<Record<string, Buffer>>,
): Buffer {
  const rest = Buffer.concat(Object.values(behind));
  const present = Object.keys(behind).reduce((bits, name) => bits | constant(name), 0);
  const head = encode(struct, { ...fields, [`${prefix}_version`]: constant('RTM_VERSION'), [`${prefix}_addrs`]: present });
  head.writeUInt16LE(head.length + rest.length, 0);
  return Buffer.concat([head, rest]);
}

const flagsOf = (names: readonly string[]): number => names.reduce((bits, name) => bits | constant(`IFF_${name}`), 0);

/** One interface in the answer of NET_RT_IFLIST2: its message, then the address that holds its name. */
export function interfaceMessage(one: FakeInterface): Buffer {
  const { index, type, counters, queueDrops = 0, queueLength = 128, flags = ['UP', 'RUNNING'] } = one;
  const data = Object.fromEntries(Object.entries(counters).map(([key, value]) => [`ifm_data.${key}`, value]));
  const fields = {
    ...data,
    ...{ ifm_type: constant('RTM_IFINFO2'), ifm_index: index, ifm_flags: flagsOf(flags), ifm_snd_drops: queueDrops },
    ...{ ifm_snd_maxlen: queueLength, 'ifm_data.ifi_type': type },
  };
  return message('if_msghdr2', 'ifm', fields, { RTA_IFP: linkAddress(one) });
}

/** The addresses of an interface in the same answer, and a multicast group, which is none of them. */
const addressMessages = ({ index, addresses = [] }: FakeInterface): Buffer[] => [
  ...addresses.map(({ address, other }) => {
    const [plain = '', length] = address.split('/');
    const family = plain.includes('.') ? 'ipv4' : 'ipv6';
    return message(
      'ifa_msghdr',
      'ifam',
      { ifam_type: constant('RTM_NEWADDR'), ifam_index: index },
      {
        RTA_NETMASK: socketMask(Number(length), family),
        RTA_IFA: socketAddress(plain, index),
        ...(other === undefined ? {} : { RTA_BRD: socketAddress(other, index) }),
      },
    );
  }),
  message('ifa_msghdr', 'ifam', { ifam_type: constant('RTM_NEWMADDR2'), ifam_index: index }, { RTA_IFA: socketAddress('224.0.0.1') }),
];

/** What SIOCGIFXMEDIA is asked for and answers. */
function mediaOf({ name, media }: FakeInterface): Record<string, Buffer | Refusal> {
  const asked = encode('ifmediareq', { ifm_name: name });
  const request = constant('SIOCGIFXMEDIA').toString(16);
  const given = media && encode('ifmediareq', { ifm_name: name, ifm_status: media.status, ifm_active: media.active });
  return { [`ioctl:${request}:${asked.toString('hex')}`]: given ?? { result: -1, error: constant('EINVAL') } };
}

/** What a machine answers about its interfaces. The list rounds bytes down to 1 KiB, as macOS does for programs of others. */
export function networkOf(interfaces: readonly FakeInterface[]): FakeMachine {
  const rounded = (one: FakeInterface): FakeInterface => ({
    ...one,
    counters: Object.fromEntries(
      Object.entries(one.counters).map(([key, value]) => [key, key.endsWith('bytes') ? (BigInt(value) / 1024n) * 1024n : value]),
    ),
  });
  const answers: Record<string, Buffer | Refusal> = {
    [`socket:${constant('AF_INET')}:${constant('SOCK_DGRAM')}:0`]: Buffer.alloc(0),
    [`sysctl:${['CTL_NET', 'PF_ROUTE'].map((name) => constant(name)).join('.')}.0.0.${constant('NET_RT_IFLIST2')}.0`]: Buffer.concat(
      interfaces.flatMap((one) => [interfaceMessage(rounded(one)), ...addressMessages(one)]),
    ),
  };
  for (const one of interfaces) {
    const { name, index, type, counters, queueDrops = 0, exact } = one;
    const place = [constant('CTL_NET'), constant('AF_LINK'), 0, constant('IFMIB_IFDATA'), index, constant('IFDATA_GENERAL')].join('.');
    const data = Object.fromEntries(Object.entries(counters).map(([key, value]) => [`ifmd_data.${key}`, value]));
    answers[`sysctl:${place}`] =
      exact === 'refused'
        ? { result: -1, error: constant('EPERM') }
        : encode('ifmibdata', { ...data, ifmd_name: name, ifmd_snd_drops: queueDrops, 'ifmd_data.ifi_type': type });
    Object.assign(answers, mediaOf(one));
  }
  return { answers };
}

/** A route: `to` with its prefix (`0.0.0.0/0`), the router, and names of flags. */
export interface FakeRoute {
  readonly to: string;
  readonly index: number;
  /** An address; without one the interface itself leads there. */
  readonly router?: string;
  readonly flags: readonly ('UP' | 'HOST' | 'IFSCOPE')[];
  /** As the kernel gives a route to one address: no mask. */
  readonly bare?: true;
}

const routeMessage = ({ to, index, router, flags, bare }: FakeRoute): Buffer => {
  const [plain = '', length] = to.split('/');
  const family = plain.includes('.') ? 'ipv4' : 'ipv6';
  const bits = flags.reduce((all, name) => all | constant(`RTF_${name}`), 0);
  return message(
    'rt_msghdr',
    'rtm',
    { rtm_type: 4, rtm_index: index, rtm_flags: bits },
    {
      RTA_DST: socketAddress(plain),
      RTA_GATEWAY: router === undefined ? linkAddress({ name: '', index, type: 1 }) : socketAddress(router, index),
      ...(bare ? {} : { RTA_NETMASK: socketMask(Number(length), family) }),
    },
  );
};

/** What a machine answers about its routes. */
export function routesOf(routes: readonly FakeRoute[]): FakeMachine {
  const listed = (family: 'AF_INET' | 'AF_INET6'): Record<string, Buffer> => ({
    [`sysctl:${[constant('CTL_NET'), constant('PF_ROUTE'), 0, constant(family), constant('NET_RT_DUMP'), 0].join('.')}`]: Buffer.concat(
      routes.filter(({ to }) => to.includes('.') === (family === 'AF_INET')).map(routeMessage),
    ),
  });
  return { answers: { ...listed('AF_INET'), ...listed('AF_INET6') } };
}

/** Counters of TCP, UDP, IP and ICMP by Apple's names; without those of TCP they are all 0, as who is not root sees them. */
export function protocolsOf(counters: {
  readonly tcp?: Readonly<Record<string, number>>;
  readonly udp?: Readonly<Record<string, number>>;
  readonly ip?: Readonly<Record<string, number>>;
  readonly icmp?: Readonly<Record<string, number | readonly number[]>>;
}): FakeMachine {
  const { tcp, udp = {}, ip = {}, icmp = {} } = counters;
  const hidden = Buffer.alloc(encode('tcpstat', {}).length);
  return {
    answers: {
      'sysctl:net.inet.tcp.stats': tcp ? encode('tcpstat', tcp) : hidden,
      'sysctl:net.inet.udp.stats': encode('udpstat', udp),
      'sysctl:net.inet.ip.stats': encode('ipstat', ip),
      'sysctl:net.inet.icmp.stats': encode('icmpstat', icmp),
    },
  };
}
