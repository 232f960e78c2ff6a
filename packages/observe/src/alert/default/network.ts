import { NETDATA } from './default-rule.ts';
import type { DefaultRule } from './default-rule.ts';

/** Networks. */
export const NETWORK_RULES: readonly DefaultRule[] = [
  {
    rule: {
      name: 'network_drops',
      what: 'network.*.drop_percent',
      function: 'mean',
      over: '10m',
      warning: '> 2',
      clear_warning: '< 1',
      summary: '{object} dropped {value} of its packets in the last 10 minutes.',
      advice: 'Its queues are full, or nobody wants the packets: see hecate snapshot --only ethtool,softnet.',
    },
    why: `${NETDATA} Unknown protocols count as drops on quiet interfaces, so few packets say nothing.`,
  },
  {
    rule: {
      name: 'network_errors',
      what: 'network.*.errors_per_second',
      function: 'mean',
      over: '10m',
      warning: '> 0.1',
      clear_warning: '< 0.02',
      summary: '{object} has had {value} packets with errors in the last 10 minutes.',
      advice: 'A cable, a connector, or a duplex that does not fit.',
    },
    why: 'A healthy wire has none; one every ten seconds is no chance.',
  },
  {
    rule: {
      name: 'bond_degraded',
      what: 'bond.*.members_down',
      warning: '> 0',
      for: '30s',
      summary: 'The bond {object} has {value} members without a link.',
      advice: 'Check cable and switch port.',
    },
    why: 'As raid_degraded.',
  },
  {
    rule: {
      name: 'tcp_resets',
      what: 'tcp_resets_per_second',
      function: 'mean',
      over: '10m',
      warning: '> 20',
      clear_warning: '< 10',
      quiet: true,
      summary: 'This machine reset {value} TCP connections in the last 10 minutes.',
      advice: 'A port scan, or clients of a service that is not there.',
    },
    why: 'What is normal differs between servers, so it is only listed.',
  },
  {
    rule: {
      name: 'tcp_retransmits',
      what: 'tcp_retransmit_percent',
      function: 'mean',
      over: '10m',
      warning: '> 5',
      clear_warning: '< 2',
      summary: '{value} of the TCP segments of the last 10 minutes were sent again.',
      advice: 'The network loses packets on the way: look at errors and drops of interfaces, then beyond this machine.',
    },
    why: 'Throughput of TCP falls with the square root of the loss (Mathis et al., 1997): at 5 % little is left of it.',
  },
  {
    rule: {
      name: 'tcp_listen_drops',
      what: 'tcp_listen_drops_per_second',
      function: 'mean',
      over: '5m',
      warning: '> 0.2',
      clear_warning: '< 0.02',
      summary: 'Connections that found a full queue: {value} in the last 5 minutes.',
      advice: 'A server does not accept quickly enough, or its backlog (net.core.somaxconn) is small.',
    },
    why: 'Each one is a client that waits a second or longer.',
  },
  {
    rule: {
      name: 'conntrack',
      what: 'conntrack_used_percent',
      warning: '> 85',
      clear_warning: '< 75',
      critical: '> 95',
      clear_critical: '< 90',
      for: '1m',
      summary: 'The table of tracked connections is {value} full; beyond, packets are dropped.',
      advice: 'Raise net.netfilter.nf_conntrack_max.',
    },
    why: 'A full table drops every new connection, and fills within seconds when it does.',
  },
];
