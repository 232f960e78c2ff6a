import { count, flag, integer, list, text } from './setting.ts';
import type { Settings } from './setting.ts';

const INT_MOST = 2_147_483_647;

/** The smallest buffer of a socket, rounded down: it depends on the kernel (SOCK_MIN_SNDBUF of net/sock.h). */
const BUFFER_LEAST = 2048;

/** Sockets and interfaces. Source: the kernel's Documentation/admin-guide/sysctl/net.rst; networking/{nf_conntrack-sysctl,mptcp-sysctl}.rst. */
export const NET: Settings = {
  'net.bridge.bridge-nf-call-ip6tables': flag('IPv6 of bridges passes ip6tables.'),
  'net.bridge.bridge-nf-call-iptables': flag('IPv4 of bridges passes iptables.'),
  'net.core.bpf_jit_enable': integer(0, 2, 'BPF is compiled.'),
  'net.core.bpf_jit_harden': integer(0, 2, 'Compiled BPF is hardened against spraying, for the price of speed.'),
  'net.core.busy_poll': integer(0, INT_MOST, 'Time for which poll looks for packets itself; 0 for never.', 'us'),
  'net.core.busy_read': integer(0, INT_MOST, 'Time for which reads look for packets themselves; 0 for never.', 'us'),
  'net.core.default_qdisc': text('Queue of interfaces that are set up.'),
  'net.core.dev_weight': integer(1, INT_MOST, 'Packets that a processor takes at once from one interface.'),
  'net.core.netdev_budget': integer(1, INT_MOST, 'Packets that a processor takes at once from all interfaces.'),
  'net.core.netdev_budget_usecs': integer(1, INT_MOST, 'Time that it may take for that.', 'us'),
  'net.core.netdev_max_backlog': integer(0, INT_MOST, 'Packets that wait for a processor.'),
  'net.core.optmem_max': integer(0, INT_MOST, 'Memory for options of a socket.', 'byte'),
  'net.core.rmem_default': integer(BUFFER_LEAST, INT_MOST, 'Receive buffer of a socket.', 'byte'),
  'net.core.rmem_max': integer(BUFFER_LEAST, INT_MOST, 'Largest receive buffer that a program may ask for.', 'byte'),
  'net.core.rps_sock_flow_entries': integer(0, 536_870_912, 'Flows for which the processor of the program is known.'),
  'net.core.somaxconn': integer(0, INT_MOST, 'Connections that wait to be accepted by a program.'),
  'net.core.wmem_default': integer(BUFFER_LEAST, INT_MOST, 'Send buffer of a socket.', 'byte'),
  'net.core.wmem_max': integer(BUFFER_LEAST, INT_MOST, 'Largest send buffer that a program may ask for.', 'byte'),
  'net.mptcp.enabled': flag('Connections can use several paths.'),
  'net.netfilter.nf_conntrack_buckets': count('Buckets of the table of connections.'),
  'net.netfilter.nf_conntrack_max': integer(0, INT_MOST, 'Connections that are tracked.'),
  'net.netfilter.nf_conntrack_tcp_timeout_established': count('Time for which an idle connection is tracked.', 's'),
  'net.nf_conntrack_max': integer(0, INT_MOST, 'Connections that are tracked.'),
  'net.unix.max_dgram_qlen': integer(0, INT_MOST, 'Datagrams that wait on a local socket.'),
  'user.max_user_namespaces': integer(0, INT_MOST, 'User namespaces that a user may make.'),
};

/** Of each interface. Source: the kernel's Documentation/networking/ip-sysctl.rst. */
export const INTERFACES: Settings = {
  'net.ipv4.conf.*.accept_redirects': flag('Routes are learned from ICMP redirects.'),
  'net.ipv4.conf.*.accept_source_route': flag('Packets may say their way.'),
  'net.ipv4.conf.*.arp_announce': integer(0, 2, 'Which own address ARP requests show.'),
  'net.ipv4.conf.*.arp_filter': flag('ARP is answered only on the interface by which the asker is reached.'),
  'net.ipv4.conf.*.arp_ignore': integer(0, 8, 'Which ARP requests are answered.'),
  'net.ipv4.conf.*.forwarding': flag('Packets are passed on.'),
  'net.ipv4.conf.*.log_martians': flag('Impossible addresses are logged.'),
  'net.ipv4.conf.*.rp_filter': integer(0, 2, 'Packets must come from where their answer would go: 1 exactly, 2 by any interface.'),
  'net.ipv4.conf.*.secure_redirects': flag('ICMP redirects are taken only from known gateways.'),
  'net.ipv4.conf.*.send_redirects': flag('Others are told of shorter ways.'),
  'net.ipv4.neigh.*.gc_thresh1': integer(0, INT_MOST, 'Neighbours that are always kept.'),
  'net.ipv4.neigh.*.gc_thresh2': integer(0, INT_MOST, 'Neighbours that may be kept for seconds.'),
  'net.ipv4.neigh.*.gc_thresh3': integer(0, INT_MOST, 'Neighbours at most.'),
  'net.ipv6.conf.*.accept_ra': integer(0, 2, 'Router advertisements are taken; 2: also when forwarding.'),
  'net.ipv6.conf.*.accept_redirects': flag('Routes are learned from ICMP redirects.'),
  'net.ipv6.conf.*.accept_source_route': integer(-1, INT_MOST, 'Packets may say their way.'),
  'net.ipv6.conf.*.disable_ipv6': flag('No IPv6.'),
  'net.ipv6.conf.*.forwarding': flag('Packets are passed on.'),
  'net.ipv6.conf.*.use_tempaddr': integer(-1, 2, 'Addresses that change, for privacy.'),
  'net.ipv6.neigh.*.gc_thresh1': integer(0, INT_MOST, 'Neighbours that are always kept.'),
  'net.ipv6.neigh.*.gc_thresh2': integer(0, INT_MOST, 'Neighbours that may be kept for seconds.'),
  'net.ipv6.neigh.*.gc_thresh3': integer(0, INT_MOST, 'Neighbours at most.'),
};

/** IPv4 beside TCP. Source: the kernel's Documentation/networking/ip-sysctl.rst. */
export const IPV4: Settings = {
  'net.ipv4.fib_multipath_hash_policy': integer(0, 3, 'What chooses among several routes.'),
  'net.ipv4.icmp_echo_ignore_all': flag('Pings are not answered.'),
  'net.ipv4.icmp_echo_ignore_broadcasts': flag('Pings to everybody are not answered.'),
  'net.ipv4.icmp_ignore_bogus_error_responses': flag('Wrong ICMP errors are not logged.'),
  'net.ipv4.ip_forward': flag('Packets are passed on.'),
  'net.ipv4.ip_local_port_range': list(2, 1, 65_535, 'Ports for outgoing connections.'),
  'net.ipv4.ip_local_reserved_ports': text('Ports that are left out of that range.'),
  'net.ipv4.ip_nonlocal_bind': flag('Programs may bind to addresses that the machine does not have.'),
  'net.ipv4.ip_unprivileged_port_start': integer(0, 65_535, 'First port that any user may listen on.'),
  'net.ipv4.udp_mem': list(3, 0, null, 'Memory of UDP: low, pressure, high.', 'page'),
  'net.ipv4.udp_rmem_min': integer(1, INT_MOST, 'Receive buffer that a UDP socket has under pressure too.', 'byte'),
  'net.ipv4.udp_wmem_min': integer(1, INT_MOST, 'Send buffer that a UDP socket has under pressure too.', 'byte'),
};
