import type { Tree } from '../rooted-tree.testing.ts';

/** A drive on PCI with blocks of 4 KiB, and one path of a namespace behind TCP. */
export const tree: Tree = {
  'sys/class/nvme/nvme10/model': 'Example 1TB                             \n',
  'sys/class/nvme/nvme10/serial': 'EX0001\n',
  'sys/class/nvme/nvme10/firmware_rev': '2B7Q\n',
  'sys/class/nvme/nvme10/state': 'live\n',
  'sys/class/nvme/nvme10/cntlid': '5\n',
  'sys/class/nvme/nvme10/transport': 'pcie\n',
  'sys/class/nvme/nvme10/address': '0000:01:00.0\n',
  'sys/class/nvme/nvme10/subsysnqn': 'nqn.2014.08.org.nvmexpress:example\n',
  'sys/class/nvme/nvme10/queue_count': '9\n',
  'sys/class/nvme/nvme10/nvme10n1/size': '2097152\n',
  'sys/class/nvme/nvme10/nvme10n1/nuse': '131072\n',
  'sys/class/nvme/nvme10/nvme10n1/queue/logical_block_size': '4096\n',
  'sys/class/nvme/nvme10/ng10n1/dev': '240:0\n',
  'sys/class/nvme/nvme11/model': '\n',
  'sys/class/nvme/nvme11/state': 'connecting\n',
  'sys/class/nvme/nvme11/transport': 'tcp\n',
  'sys/class/nvme/nvme11/nvme11c1n2/size': '4096\n',
  'sys/class/nvme/nvme11/nvme11c1n2/ana_state': 'inaccessible\n',
};
