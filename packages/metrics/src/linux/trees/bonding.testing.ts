import type { Tree } from '../rooted-tree.testing.ts';

/** Two bonds: one of two members, of which one is down, and one of an older kernel without any. */
export const tree: Tree = {
  'sys/class/net/bonding_masters': 'bond7 bond8\n',
  'sys/class/net/bond7/bonding/slaves': 'port7a port7b\n',
  'sys/class/net/bond7/bonding/mode': 'active-backup 1\n',
  'sys/class/net/bond7/bonding/active_slave': 'port7a\n',
  'sys/class/net/bond7/ifindex': '70\n',
  'sys/class/net/bond7/lower_port7a/bonding_slave/mii_status': 'up\n',
  'sys/class/net/bond7/lower_port7a/bonding_slave/link_failure_count': '3\n',
  'sys/class/net/bond7/slave_port7b/bonding_slave/mii_status': 'down\n',
  'sys/class/net/bond8/bonding/slaves': '\n',
};
