import { HecateError } from '@hecate/host';
import type { Btf } from './btf.ts';
import type { Loadable } from './load.ts';
import { copyWords, firstMember, follow, memberOf, writeRecord } from './members.ts';
import { createProgram } from './program.ts';
import type { Register } from './program.ts';

/** Names that the program needs from BTF. */
export const TCP_NAMES: readonly string[] = ['sock_common', 'tcp_sock', 'bpf_iter__tcp', 'bpf_iter_tcp'];

/** Where the values of a TCP socket lie, in words of 32 bits. Inode and bytes have two, addresses four. */
export const TCP_AT = {
  family: 0,
  state: 1,
  /** Of the host, and of the network's byte order. */
  localPort: 2,
  remotePort: 3,
  device: 4,
  uid: 5,
  inode: 6,
  bytesAcked: 8,
  bytesReceived: 10,
  /** Microseconds times eight. */
  roundTripTime: 12,
  retransmits: 13,
  /** 1 for a whole socket: without it all from the inode on is 0 (connections that are being made or have ended). */
  isWhole: 14,
  /** Of a listener: connections that wait to be accepted, and how many may. */
  backlog: 15,
  mostBacklog: 16,
  /** Places in the stream: what comes next, what was read; what was written, what was acknowledged. */
  receiveNext: 17,
  copied: 18,
  written: 19,
  acknowledged: 20,
  nothing: 21,
  cgroup: 22,
  localAddress: 24,
  remoteAddress: 28,
} as const;
/** Bytes of one record. */
export const TCP_BYTES = 128;

const CONTEXT = 6;
const SOCKET = 7;
const SEQ = 8;
const WHOLE = 9;
const STACK = 10;
const RECORD = -TCP_BYTES;
/** A helper of the kernel (include/uapi/linux/bpf.h): bpf_skc_to_tcp_sock. */
const TO_TCP_SOCK = 137;
/** AF_INET6 of include/linux/socket.h. */
const IPV6 = 10;

/** Where the socket of all protocols lies in that of TCP. */
const SOCK = 'inet_conn.icsk_inet.sk';

/** The program that the kernel runs for every TCP socket of our network namespace. Throws UNSUPPORTED when the kernel lacks what it needs. */
export function tcpProgram(btf: Btf): Loadable {
  const common = btf.struct('sock_common');
  const socket = btf.struct('tcp_sock');
  const context = btf.struct('bpf_iter__tcp');
  const attachTo = btf.func('bpf_iter_tcp');
  if (!common || !socket || !context || !attachTo) {
    throw new HecateError('UNSUPPORTED', 'This kernel has no BPF iterator over TCP sockets (Linux 5.9 has).');
  }
  const program = createProgram();
  const place = (word: number): number => RECORD + word * 4;
  const copy = (word: number, bytes: 4 | 8, from: Register, struct: number, ...paths: readonly string[]): void => {
    follow(program, 0, from, memberOf(btf, struct, ...paths));
    program.store(STACK, place(word), 0, bytes);
  };
  program.move(CONTEXT, 1);
  program.load(SOCKET, CONTEXT, memberOf(btf, context, 'sk_common').loads[0]!, 8);
  program.jumpIf(SOCKET, '==', 0, 'out');
  follow(program, SEQ, CONTEXT, memberOf(btf, context, 'meta.seq'));
  for (let word = 0; word < TCP_BYTES / 4; word++) program.storeNumber(STACK, place(word), 0);
  copy(TCP_AT.family, 4, SOCKET, common, 'skc_family');
  copy(TCP_AT.state, 4, SOCKET, common, 'skc_state');
  copy(TCP_AT.localPort, 4, SOCKET, common, 'skc_num');
  copy(TCP_AT.remotePort, 4, SOCKET, common, 'skc_dport');
  copy(TCP_AT.device, 4, SOCKET, common, 'skc_bound_dev_if');
  copy(TCP_AT.uid, 4, CONTEXT, context, 'uid');
  const local = firstMember(btf, common, ['skc_v6_rcv_saddr']);
  const remote = firstMember(btf, common, ['skc_v6_daddr']);
  if (local && remote) {
    program.load(1, STACK, place(TCP_AT.family), 4);
    program.jumpIf(1, '!=', IPV6, 'ipv4');
    copyWords(program, SOCKET, local, place(TCP_AT.localAddress), 16);
    copyWords(program, SOCKET, remote, place(TCP_AT.remoteAddress), 16);
    program.jump('socket');
  }
  program.label('ipv4');
  copy(TCP_AT.localAddress, 4, SOCKET, common, 'skc_rcv_saddr');
  copy(TCP_AT.remoteAddress, 4, SOCKET, common, 'skc_daddr');
  program.label('socket');
  program.move(1, SOCKET);
  program.call(TO_TCP_SOCK);
  program.jumpIf(0, '==', 0, 'write');
  program.move(WHOLE, 0);
  // A socket's own inode lies behind `struct socket`, where the verifier lets nobody look; the file leads to it.
  copy(TCP_AT.inode, 8, WHOLE, socket, `${SOCK}.sk_socket.file.f_inode.i_ino`);
  copy(TCP_AT.bytesAcked, 8, WHOLE, socket, 'bytes_acked');
  copy(TCP_AT.bytesReceived, 8, WHOLE, socket, 'bytes_received');
  copy(TCP_AT.roundTripTime, 4, WHOLE, socket, 'srtt_us');
  copy(TCP_AT.retransmits, 4, WHOLE, socket, 'total_retrans');
  copy(TCP_AT.backlog, 4, WHOLE, socket, `${SOCK}.sk_ack_backlog`);
  copy(TCP_AT.mostBacklog, 4, WHOLE, socket, `${SOCK}.sk_max_ack_backlog`);
  copy(TCP_AT.receiveNext, 4, WHOLE, socket, 'rcv_nxt');
  copy(TCP_AT.copied, 4, WHOLE, socket, 'copied_seq');
  copy(TCP_AT.written, 4, WHOLE, socket, 'write_seq');
  copy(TCP_AT.acknowledged, 4, WHOLE, socket, 'snd_una');
  // Since Linux 5.15, where control groups are built in.
  const cgroup = firstMember(btf, socket, [`${SOCK}.sk_cgrp_data.cgroup.kn.id`]);
  if (cgroup) {
    follow(program, 0, WHOLE, cgroup);
    program.store(STACK, place(TCP_AT.cgroup), 0, 8);
  }
  program.storeNumber(STACK, place(TCP_AT.isWhole), 1);
  program.label('write');
  writeRecord(program, SEQ, RECORD, TCP_BYTES);
  program.label('out');
  program.moveNumber(0, 0);
  program.exit();
  return { name: 'hecate_tcp', instructions: program.encode(), attachTo };
}
