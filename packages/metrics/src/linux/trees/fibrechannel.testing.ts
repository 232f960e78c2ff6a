import type { Tree } from '../rooted-tree.testing.ts';

/** A port that works, and one whose driver says little. */
export const tree: Tree = {
  'sys/class/fc_host/host20/port_name': '0x2100001122334455\n',
  'sys/class/fc_host/host20/port_id': '0x010203\n',
  'sys/class/fc_host/host20/port_type': 'NPort (fabric via point-to-point)\n',
  'sys/class/fc_host/host20/port_state': 'Online\n',
  'sys/class/fc_host/host20/speed': '32 Gbit\n',
  'sys/class/fc_host/host20/statistics/rx_frames': '0x10\n',
  'sys/class/fc_host/host20/statistics/link_failure_count': '0x2\n',
  'sys/class/fc_host/host20/statistics/dumped_frames': '0xffffffffffffffff\n',
  'sys/class/fc_host/host21/port_state': 'Linkdown\n',
};
