import type { Tree } from '../rooted-tree.testing.ts';

/** An adapter with one port that works, and one whose counters nobody keeps. */
export const tree: Tree = {
  'sys/class/infiniband/mlx9_0/board_id': 'EX_0000000001\n',
  'sys/class/infiniband/mlx9_0/fw_ver': '20.31.1014\n',
  'sys/class/infiniband/mlx9_0/ports/1/state': '4: ACTIVE\n',
  'sys/class/infiniband/mlx9_0/ports/1/phys_state': '5: LinkUp\n',
  'sys/class/infiniband/mlx9_0/ports/1/rate': '2.5 Gb/sec (1X SDR)\n',
  'sys/class/infiniband/mlx9_0/ports/1/link_layer': 'InfiniBand\n',
  'sys/class/infiniband/mlx9_0/ports/1/counters/port_rcv_data': '1000\n',
  'sys/class/infiniband/mlx9_0/ports/1/counters/link_downed': '3\n',
  'sys/class/infiniband/mlx9_0/ports/1/counters/of_a_kernel_to_come': '5\n',
  'sys/class/infiniband/mlx9_0/ports/1/counters_ext/port_rcv_data_64': '1001\n',
  'sys/class/infiniband/mlx9_0/ports/2/state': 'nonsense\n',
  'sys/class/infiniband/mlx9_0/ports/2/counters/link_downed': 'N/A (no PMA)\n',
};
