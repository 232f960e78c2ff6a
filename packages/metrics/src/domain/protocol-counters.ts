/** Counters of TCP over IPv4 and IPv6 together (RFC 4022, and what Linux adds). Null: this kernel does not count it. */
export interface TcpCounts {
  /** Connections that were opened from here. */
  readonly activeOpens: number | null;
  /** Connections that were accepted. */
  readonly passiveOpens: number | null;
  /** Connections that failed while they were opened. */
  readonly failedOpens: number | null;
  /** Connections that ended by a reset. */
  readonly establishedResets: number | null;
  /** Connections that are open now. */
  readonly established: number | null;
  /** Segments received, also those with errors. */
  readonly segmentsIn: number | null;
  /** Segments sent, without those that were sent again. */
  readonly segmentsOut: number | null;
  /** Segments that were sent again. */
  readonly segmentsRetransmitted: number | null;
  /** Segments received with errors. */
  readonly errorsIn: number | null;
  /** Segments received with a wrong checksum. */
  readonly checksumErrorsIn: number | null;
  /** Resets sent. */
  readonly resetsOut: number | null;
  /** Connections dropped by a listening socket. */
  readonly listenDrops: number | null;
  /** Connections dropped because the queue of a listening socket was full. */
  readonly listenOverflows: number | null;
  /** First segments of connections that were sent again. */
  readonly synRetransmits: number | null;
  /** Timers that ran out without an answer. */
  readonly timeouts: number | null;
  /** Segments sent again that were lost too. */
  readonly lostRetransmits: number | null;
  /** Segments sent again before their timer ran out. */
  readonly fastRetransmits: number | null;
  /** Segments that came out of order. */
  readonly outOfOrder: number | null;
  /** Segments dropped because the receive queue was full. */
  readonly receiveQueueDrops: number | null;
  /** Cookies sent because the queue of half open connections was full. */
  readonly synCookiesSent: number | null;
  /** Connections given up for want of memory. */
  readonly abortsOnMemory: number | null;
  /** How often TCP came under memory pressure. */
  readonly memoryPressures: number | null;
}

/** Counters of UDP over one version of IP (RFC 4113). Null: this kernel does not count it. */
export interface UdpCounts {
  /** Datagrams received. */
  readonly datagramsIn: number | null;
  /** Datagrams sent. */
  readonly datagramsOut: number | null;
  /** Datagrams received for a port on which nobody listens. */
  readonly noPorts: number | null;
  /** Datagrams received that could not be delivered. */
  readonly errorsIn: number | null;
  /** Datagrams dropped because the receive buffer was full. */
  readonly receiveBufferErrors: number | null;
  /** Datagrams dropped because the send buffer was full. */
  readonly sendBufferErrors: number | null;
  /** Datagrams received with a wrong checksum. */
  readonly checksumErrorsIn: number | null;
  /** Datagrams dropped for want of memory. */
  readonly memoryErrors: number | null;
}

/** Counters of one version of IP (RFC 4293). Null: this kernel does not count it. */
export interface IpCounts {
  /** Packets received. */
  readonly received: number | null;
  /** Packets handed to a protocol above. */
  readonly delivered: number | null;
  /** Packets passed on to another machine. */
  readonly forwarded: number | null;
  /** Packets that protocols above wanted to send. */
  readonly sent: number | null;
  /** Bytes received. */
  readonly bytesIn: number | null;
  /** Bytes sent. */
  readonly bytesOut: number | null;
  /** Packets received with errors in their header. */
  readonly headerErrors: number | null;
  /** Packets received for an address that is not ours. */
  readonly addressErrors: number | null;
  /** Packets received and dropped for want of memory. */
  readonly discardsIn: number | null;
  /** Packets dropped before they were sent. */
  readonly discardsOut: number | null;
  /** Packets dropped because no route leads to their address. */
  readonly noRoutesOut: number | null;
  /** Packets whose fragments could not be put together. */
  readonly reassemblyFailures: number | null;
  /** Packets that were too large and must not be cut. */
  readonly fragmentationFailures: number | null;
}

/** Counters of ICMP of one version of IP. Null: this kernel does not count it. */
export interface IcmpCounts {
  /** Messages received. */
  readonly messagesIn: number | null;
  /** Messages sent. */
  readonly messagesOut: number | null;
  /** Messages received with errors. */
  readonly errorsIn: number | null;
  /** Messages received that something cannot be reached. */
  readonly unreachablesIn: number | null;
  /** Messages sent that something cannot be reached. */
  readonly unreachablesOut: number | null;
}

/** The parts and what is counted of each. */
export interface CountsByPart {
  readonly tcp: TcpCounts;
  readonly udp: UdpCounts;
  readonly udp6: UdpCounts;
  readonly ip: IpCounts;
  readonly ip6: IpCounts;
  readonly icmp: IcmpCounts;
  readonly icmp6: IcmpCounts;
}

/** Name of a part. */
export type ProtocolPart = keyof CountsByPart;

/** Each counter's name in the kernel, `protocol_name`, and its definition. */
export const PROTOCOL_COUNTERS: {
  readonly [Part in ProtocolPart]: Readonly<Record<keyof CountsByPart[Part], readonly [counter: string, help: string]>>;
} = {
  tcp: {
    activeOpens: ['Tcp_ActiveOpens', 'Connections that were opened from here.'],
    passiveOpens: ['Tcp_PassiveOpens', 'Connections that were accepted.'],
    failedOpens: ['Tcp_AttemptFails', 'Connections that failed while they were opened.'],
    establishedResets: ['Tcp_EstabResets', 'Connections that ended by a reset.'],
    established: ['Tcp_CurrEstab', 'Connections that are open now.'],
    segmentsIn: ['Tcp_InSegs', 'Segments received, also those with errors.'],
    segmentsOut: ['Tcp_OutSegs', 'Segments sent, without those that were sent again.'],
    segmentsRetransmitted: ['Tcp_RetransSegs', 'Segments that were sent again.'],
    errorsIn: ['Tcp_InErrs', 'Segments received with errors.'],
    checksumErrorsIn: ['Tcp_InCsumErrors', 'Segments received with a wrong checksum.'],
    resetsOut: ['Tcp_OutRsts', 'Resets sent.'],
    listenDrops: ['TcpExt_ListenDrops', 'Connections dropped by a listening socket.'],
    listenOverflows: ['TcpExt_ListenOverflows', 'Connections dropped because the queue of a listening socket was full.'],
    synRetransmits: ['TcpExt_TCPSynRetrans', 'First segments of connections that were sent again.'],
    timeouts: ['TcpExt_TCPTimeouts', 'Timers that ran out without an answer.'],
    lostRetransmits: ['TcpExt_TCPLostRetransmit', 'Segments sent again that were lost too.'],
    fastRetransmits: ['TcpExt_TCPFastRetrans', 'Segments sent again before their timer ran out.'],
    outOfOrder: ['TcpExt_TCPOFOQueue', 'Segments that came out of order.'],
    receiveQueueDrops: ['TcpExt_TCPRcvQDrop', 'Segments dropped because the receive queue was full.'],
    synCookiesSent: ['TcpExt_SyncookiesSent', 'Cookies sent because the queue of half open connections was full.'],
    abortsOnMemory: ['TcpExt_TCPAbortOnMemory', 'Connections given up for want of memory.'],
    memoryPressures: ['TcpExt_TCPMemoryPressures', 'How often TCP came under memory pressure.'],
  },
  udp: {
    datagramsIn: ['Udp_InDatagrams', 'Datagrams received.'],
    datagramsOut: ['Udp_OutDatagrams', 'Datagrams sent.'],
    noPorts: ['Udp_NoPorts', 'Datagrams received for a port on which nobody listens.'],
    errorsIn: ['Udp_InErrors', 'Datagrams received that could not be delivered.'],
    receiveBufferErrors: ['Udp_RcvbufErrors', 'Datagrams dropped because the receive buffer was full.'],
    sendBufferErrors: ['Udp_SndbufErrors', 'Datagrams dropped because the send buffer was full.'],
    checksumErrorsIn: ['Udp_InCsumErrors', 'Datagrams received with a wrong checksum.'],
    memoryErrors: ['Udp_MemErrors', 'Datagrams dropped for want of memory.'],
  },
  udp6: {
    datagramsIn: ['Udp6_InDatagrams', 'Datagrams received.'],
    datagramsOut: ['Udp6_OutDatagrams', 'Datagrams sent.'],
    noPorts: ['Udp6_NoPorts', 'Datagrams received for a port on which nobody listens.'],
    errorsIn: ['Udp6_InErrors', 'Datagrams received that could not be delivered.'],
    receiveBufferErrors: ['Udp6_RcvbufErrors', 'Datagrams dropped because the receive buffer was full.'],
    sendBufferErrors: ['Udp6_SndbufErrors', 'Datagrams dropped because the send buffer was full.'],
    checksumErrorsIn: ['Udp6_InCsumErrors', 'Datagrams received with a wrong checksum.'],
    memoryErrors: ['Udp6_MemErrors', 'Datagrams dropped for want of memory.'],
  },
  ip: {
    received: ['Ip_InReceives', 'Packets received.'],
    delivered: ['Ip_InDelivers', 'Packets handed to a protocol above.'],
    forwarded: ['Ip_ForwDatagrams', 'Packets passed on to another machine.'],
    sent: ['Ip_OutRequests', 'Packets that protocols above wanted to send.'],
    bytesIn: ['IpExt_InOctets', 'Bytes received.'],
    bytesOut: ['IpExt_OutOctets', 'Bytes sent.'],
    headerErrors: ['Ip_InHdrErrors', 'Packets received with errors in their header.'],
    addressErrors: ['Ip_InAddrErrors', 'Packets received for an address that is not ours.'],
    discardsIn: ['Ip_InDiscards', 'Packets received and dropped for want of memory.'],
    discardsOut: ['Ip_OutDiscards', 'Packets dropped before they were sent.'],
    noRoutesOut: ['Ip_OutNoRoutes', 'Packets dropped because no route leads to their address.'],
    reassemblyFailures: ['Ip_ReasmFails', 'Packets whose fragments could not be put together.'],
    fragmentationFailures: ['Ip_FragFails', 'Packets that were too large and must not be cut.'],
  },
  ip6: {
    received: ['Ip6_InReceives', 'Packets received.'],
    delivered: ['Ip6_InDelivers', 'Packets handed to a protocol above.'],
    forwarded: ['Ip6_OutForwDatagrams', 'Packets passed on to another machine.'],
    sent: ['Ip6_OutRequests', 'Packets that protocols above wanted to send.'],
    bytesIn: ['Ip6_InOctets', 'Bytes received.'],
    bytesOut: ['Ip6_OutOctets', 'Bytes sent.'],
    headerErrors: ['Ip6_InHdrErrors', 'Packets received with errors in their header.'],
    addressErrors: ['Ip6_InAddrErrors', 'Packets received for an address that is not ours.'],
    discardsIn: ['Ip6_InDiscards', 'Packets received and dropped for want of memory.'],
    discardsOut: ['Ip6_OutDiscards', 'Packets dropped before they were sent.'],
    noRoutesOut: ['Ip6_OutNoRoutes', 'Packets dropped because no route leads to their address.'],
    reassemblyFailures: ['Ip6_ReasmFails', 'Packets whose fragments could not be put together.'],
    fragmentationFailures: ['Ip6_FragFails', 'Packets that were too large and must not be cut.'],
  },
  icmp: {
    messagesIn: ['Icmp_InMsgs', 'Messages received.'],
    messagesOut: ['Icmp_OutMsgs', 'Messages sent.'],
    errorsIn: ['Icmp_InErrors', 'Messages received with errors.'],
    unreachablesIn: ['Icmp_InDestUnreachs', 'Messages received that something cannot be reached.'],
    unreachablesOut: ['Icmp_OutDestUnreachs', 'Messages sent that something cannot be reached.'],
  },
  icmp6: {
    messagesIn: ['Icmp6_InMsgs', 'Messages received.'],
    messagesOut: ['Icmp6_OutMsgs', 'Messages sent.'],
    errorsIn: ['Icmp6_InErrors', 'Messages received with errors.'],
    unreachablesIn: ['Icmp6_InDestUnreachs', 'Messages received that something cannot be reached.'],
    unreachablesOut: ['Icmp6_OutDestUnreachs', 'Messages sent that something cannot be reached.'],
  },
};
