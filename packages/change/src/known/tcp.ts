import { flag, integer, list, text } from './setting.ts';
import type { Settings } from './setting.ts';

const INT_MOST = 2_147_483_647;

/** Times are kept in ticks, of which there are up to 1000 in a second. */
const SECONDS_MOST = 2_147_483;

/** TCP. Source: the kernel's Documentation/networking/ip-sysctl.rst; bounds: net/ipv4/sysctl_net_ipv4.c. */
export const TCP: Settings = {
  'net.ipv4.tcp_abort_on_overflow': flag('Connections that nobody accepts in time are reset.'),
  'net.ipv4.tcp_adv_win_scale': integer(-31, 31, 'Part of the receive buffer that is no window.'),
  'net.ipv4.tcp_allowed_congestion_control': text('Algorithms that users may choose.'),
  'net.ipv4.tcp_autocorking': flag('Small writes wait for one another.'),
  'net.ipv4.tcp_base_mss': integer(0, INT_MOST, 'Size with which probing of the path begins.', 'byte'),
  'net.ipv4.tcp_challenge_ack_limit': integer(0, INT_MOST, 'Challenges a second.'),
  'net.ipv4.tcp_congestion_control': text('Algorithm of new connections.'),
  'net.ipv4.tcp_dsack': flag('Duplicates are told to the sender.'),
  'net.ipv4.tcp_early_retrans': integer(0, 4, 'Losses at the end are probed for.'),
  'net.ipv4.tcp_ecn': integer(0, 5, 'Routers may tell of congestion: 1 always, 2 when the other side asks.'),
  'net.ipv4.tcp_fastopen': integer(0, null, 'Data with the first packet, as bits: 1 client, 2 server.'),
  'net.ipv4.tcp_fin_timeout': integer(0, SECONDS_MOST, 'Time that a connection waits for the last packet of the other side.', 's'),
  'net.ipv4.tcp_keepalive_intvl': integer(1, SECONDS_MOST, 'Time between probes of an idle connection.', 's'),
  'net.ipv4.tcp_keepalive_probes': integer(0, 255, 'Probes without answer after which a connection is dead.'),
  'net.ipv4.tcp_keepalive_time': integer(1, SECONDS_MOST, 'Time after which an idle connection is probed.', 's'),
  'net.ipv4.tcp_limit_output_bytes': integer(0, INT_MOST, 'Data of a connection that may wait in the queue of the interface.', 'byte'),
  'net.ipv4.tcp_max_orphans': integer(0, INT_MOST, 'Connections without a program.'),
  'net.ipv4.tcp_max_syn_backlog': integer(0, INT_MOST, 'Half-open connections of a listening socket.'),
  'net.ipv4.tcp_max_tw_buckets': integer(0, INT_MOST, 'Closed connections that are remembered.'),
  'net.ipv4.tcp_mem': list(3, 0, null, 'Memory of TCP: low, pressure, high.', 'page'),
  'net.ipv4.tcp_min_tso_segs': integer(1, 255, 'Packets at least that are given to the interface at once.'),
  'net.ipv4.tcp_moderate_rcvbuf': flag('Receive buffers grow as needed.'),
  'net.ipv4.tcp_mtu_probing': integer(0, 2, 'The size of packets is found by probing: 1 after trouble, 2 always.'),
  'net.ipv4.tcp_no_metrics_save': flag('What a connection learned is forgotten.'),
  'net.ipv4.tcp_notsent_lowat': integer(0, 4_294_967_295, 'Unsent data of a connection below which a program is asked for more.', 'byte'),
  'net.ipv4.tcp_orphan_retries': integer(0, 255, 'Tries to close a connection without a program.'),
  'net.ipv4.tcp_pacing_ca_ratio': integer(0, 1000, 'Pace in congestion avoidance.', '%'),
  'net.ipv4.tcp_pacing_ss_ratio': integer(0, 1000, 'Pace in slow start.', '%'),
  'net.ipv4.tcp_reordering': integer(1, INT_MOST, 'Packets that may arrive out of order before one is taken for lost.'),
  'net.ipv4.tcp_retries2': integer(0, 255, 'Tries until a connection is given up.'),
  'net.ipv4.tcp_rfc1337': flag('Closed connections are not ended by a reset.'),
  'net.ipv4.tcp_rmem': list(3, 1, INT_MOST, 'Receive buffer of a connection: least, at first, most.', 'byte'),
  'net.ipv4.tcp_sack': flag('What arrived is told piece by piece.'),
  'net.ipv4.tcp_slow_start_after_idle': flag('A connection begins slowly again after a pause.'),
  'net.ipv4.tcp_syn_retries': integer(1, 127, 'Tries to open a connection.'),
  'net.ipv4.tcp_synack_retries': integer(0, 255, 'Tries to answer one that opens.'),
  'net.ipv4.tcp_syncookies': integer(0, 2, 'Floods of half-open connections are survived.'),
  'net.ipv4.tcp_timestamps': integer(0, 2, 'Packets carry times.'),
  'net.ipv4.tcp_tw_reuse': integer(0, 2, 'Ports of closed connections are used again: 2 on the loopback only.'),
  'net.ipv4.tcp_window_scaling': flag('Windows can be larger than 64 KiB.'),
  'net.ipv4.tcp_wmem': list(3, 1, INT_MOST, 'Send buffer of a connection: least, at first, most.', 'byte'),
};
