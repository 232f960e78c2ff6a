/** `struct if_msghdr2` of net/if.h: one interface in the answer of NET_RT_IFLIST2. Its `if_data64` begins at 32. */
export const INTERFACE_MESSAGE = {
  struct: 'if_msghdr2',
  size: 160,
  fields: {
    length: ['ifm_msglen', 0, 'u16'],
    version: ['ifm_version', 2, 'u8'],
    type: ['ifm_type', 3, 'u8'],
    addresses: ['ifm_addrs', 4, 'i32'],
    flags: ['ifm_flags', 8, 'i32'],
    index: ['ifm_index', 12, 'u16'],
    queueLength: ['ifm_snd_maxlen', 20, 'i32'],
    transmitDrops: ['ifm_snd_drops', 24, 'i32'],
  },
} as const;

/** Where `ifm_data` lies in `struct if_msghdr2`. */
export const MESSAGE_DATA = 32;

/** `struct if_data64` of net/if_var.h: what an interface counts. */
export const INTERFACE_DATA = {
  struct: 'if_data64',
  size: 128,
  fields: {
    type: ['ifi_type', 0, 'u8'],
    mtu: ['ifi_mtu', 8, 'u32'],
    speed: ['ifi_baudrate', 16, 'u64'],
    receivePackets: ['ifi_ipackets', 24, 'u64'],
    receiveErrors: ['ifi_ierrors', 32, 'u64'],
    transmitPackets: ['ifi_opackets', 40, 'u64'],
    transmitErrors: ['ifi_oerrors', 48, 'u64'],
    collisions: ['ifi_collisions', 56, 'u64'],
    receiveBytes: ['ifi_ibytes', 64, 'u64'],
    transmitBytes: ['ifi_obytes', 72, 'u64'],
    receiveMulticast: ['ifi_imcasts', 80, 'u64'],
    receiveDrops: ['ifi_iqdrops', 96, 'u64'],
    unwanted: ['ifi_noproto', 104, 'u64'],
  },
} as const;

/** `struct ifmibdata` of net/if_mib.h: the same counters by another way, which no system rounds. Its `if_data64` begins at 52. */
export const INTERFACE_MIB = {
  struct: 'ifmibdata',
  size: 180,
  fields: { flags: ['ifmd_flags', 20, 'u32'], transmitDrops: ['ifmd_snd_drops', 32, 'u32'] },
  texts: { name: ['ifmd_name', 0, 16] },
} as const;

/** Where `ifmd_data` lies in `struct ifmibdata`. */
export const MIB_DATA = 52;

/** `struct sockaddr_dl` of net/if_dl.h: the name of an interface and its hardware address, behind an interface message. */
export const LINK_ADDRESS = {
  struct: 'sockaddr_dl',
  size: 20,
  fields: {
    length: ['sdl_len', 0, 'u8'],
    family: ['sdl_family', 1, 'u8'],
    nameLength: ['sdl_nlen', 5, 'u8'],
    addressLength: ['sdl_alen', 6, 'u8'],
    data: ['sdl_data', 8, 'u8'],
  },
} as const;

/** `struct ifa_msghdr` of net/if.h: an address of an interface in the answer of NET_RT_IFLIST2. */
export const ADDRESS_MESSAGE = {
  struct: 'ifa_msghdr',
  size: 20,
  fields: {
    addresses: ['ifam_addrs', 4, 'i32'],
    index: ['ifam_index', 12, 'u16'],
  },
} as const;

/** `struct rt_msghdr` of net/route.h: a route in the answer of NET_RT_DUMP. */
export const ROUTE_MESSAGE = {
  struct: 'rt_msghdr',
  size: 92,
  fields: {
    index: ['rtm_index', 4, 'u16'],
    flags: ['rtm_flags', 8, 'i32'],
    addresses: ['rtm_addrs', 12, 'i32'],
  },
} as const;

/** What every socket address begins with (sys/socket.h). */
export const SOCKET_ADDRESS = {
  struct: 'sockaddr',
  size: 16,
  fields: { length: ['sa_len', 0, 'u8'], family: ['sa_family', 1, 'u8'] },
} as const;

/** `struct sockaddr_in` of netinet/in.h. */
export const IPV4_ADDRESS = {
  struct: 'sockaddr_in',
  size: 16,
  fields: { address: ['sin_addr.s_addr', 4, 'u32'] },
} as const;

/** `struct sockaddr_in6` of netinet6/in6.h. */
export const IPV6_ADDRESS = {
  struct: 'sockaddr_in6',
  size: 28,
  fields: { address: ['sin6_addr.__u6_addr.__u6_addr8', 8, 'u8'] },
} as const;

/** `struct ifmediareq` of net/if.h: what SIOCGIFXMEDIA asks for. It is packed to 4 bytes. */
export const MEDIA_REQUEST = {
  struct: 'ifmediareq',
  size: 44,
  fields: {
    status: ['ifm_status', 24, 'i32'],
    active: ['ifm_active', 28, 'i32'],
  },
  texts: { name: ['ifm_name', 0, 16] },
} as const;
