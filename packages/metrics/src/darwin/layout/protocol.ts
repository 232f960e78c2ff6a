/**
 * `struct tcpstat` of netinet/tcp_var.h, as far as `tcps_badrst`: what follows moves from one macOS to the next, and the whole has 960,
 * 976 or 992 bytes in those that are known. `size` is that of macOS 14.
 */
export const TCP_COUNTERS = {
  struct: 'tcpstat',
  size: 976,
  fields: {
    activeOpens: ['tcps_connattempt', 0, 'u32'],
    passiveOpens: ['tcps_accepts', 4, 'u32'],
    drops: ['tcps_drops', 12, 'u32'],
    failedOpens: ['tcps_conndrops', 16, 'u32'],
    timeouts: ['tcps_rexmttimeo', 40, 'u32'],
    sent: ['tcps_sndtotal', 60, 'u32'],
    retransmitted: ['tcps_sndrexmitpack', 72, 'u32'],
    received: ['tcps_rcvtotal', 100, 'u32'],
    badChecksums: ['tcps_rcvbadsum', 112, 'u32'],
    badOffsets: ['tcps_rcvbadoff', 116, 'u32'],
    cut: ['tcps_rcvshort', 124, 'u32'],
    outOfOrder: ['tcps_rcvoopack', 144, 'u32'],
    listenDrops: ['tcps_listendrop', 240, 'u32'],
    badResets: ['tcps_badrst', 260, 'u32'],
  },
} as const;

/** `struct udpstat` of netinet/udp_var.h: datagrams of both versions of IP. */
export const UDP_COUNTERS = {
  struct: 'udpstat',
  size: 88,
  fields: {
    received: ['udps_ipackets', 0, 'u32'],
    cut: ['udps_hdrops', 4, 'u32'],
    badChecksums: ['udps_badsum', 8, 'u32'],
    badLengths: ['udps_badlen', 12, 'u32'],
    noPorts: ['udps_noport', 16, 'u32'],
    noPortsOfBroadcasts: ['udps_noportbcast', 20, 'u32'],
    fullBuffers: ['udps_fullsock', 24, 'u32'],
    sent: ['udps_opackets', 36, 'u32'],
  },
} as const;

/** `struct ipstat` of netinet/ip_var.h: packets of IPv4. Newer systems have more behind it. */
export const IP_COUNTERS = {
  struct: 'ipstat',
  size: 184,
  fields: {
    received: ['ips_total', 0, 'u32'],
    badChecksums: ['ips_badsum', 4, 'u32'],
    tooShort: ['ips_tooshort', 8, 'u32'],
    tooSmall: ['ips_toosmall', 12, 'u32'],
    badHeaderLengths: ['ips_badhlen', 16, 'u32'],
    badLengths: ['ips_badlen', 20, 'u32'],
    fragmentsDropped: ['ips_fragdropped', 28, 'u32'],
    fragmentsTimedOut: ['ips_fragtimeout', 32, 'u32'],
    forwarded: ['ips_forward', 36, 'u32'],
    notForwarded: ['ips_cantforward', 44, 'u32'],
    delivered: ['ips_delivered', 56, 'u32'],
    sent: ['ips_localout', 60, 'u32'],
    dropped: ['ips_odropped', 64, 'u32'],
    notFragmented: ['ips_cantfrag', 80, 'u32'],
    badOptions: ['ips_badoptions', 84, 'u32'],
    noRoutes: ['ips_noroute', 88, 'u32'],
    badVersions: ['ips_badvers', 92, 'u32'],
  },
} as const;

/** `struct icmpstat` of netinet/icmp_var.h: messages of IPv4, sent and received ones by their type. */
export const ICMP_COUNTERS = {
  struct: 'icmpstat',
  size: 368,
  fields: {
    sent: ['icps_outhist', 12, 'u32'],
    sentUnreachable: ['icps_outhist[3]', 24, 'u32'],
    badCodes: ['icps_badcode', 176, 'u32'],
    cut: ['icps_tooshort', 180, 'u32'],
    badChecksums: ['icps_checksum', 184, 'u32'],
    badLengths: ['icps_badlen', 188, 'u32'],
    received: ['icps_inhist', 196, 'u32'],
    receivedUnreachable: ['icps_inhist[3]', 208, 'u32'],
  },
} as const;

/** Types of ICMP that are counted: `ICMP_MAXTYPE` and those below. */
export const ICMP_TYPES = 41;
