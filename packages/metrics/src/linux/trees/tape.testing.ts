import type { Tree } from '../rooted-tree.testing.ts';

/** One drive, with two of its other doors. */
export const tree: Tree = {
  'sys/class/scsi_tape/st0/stats/read_cnt': '10\n',
  'sys/class/scsi_tape/st0/stats/read_byte_cnt': '10240\n',
  'sys/class/scsi_tape/st0/stats/read_ns': '1500000000\n',
  'sys/class/scsi_tape/st0/stats/write_cnt': '20\n',
  'sys/class/scsi_tape/st0/stats/write_byte_cnt': '20480\n',
  'sys/class/scsi_tape/st0/stats/write_ns': '2500000000\n',
  'sys/class/scsi_tape/st0/stats/other_cnt': '3\n',
  'sys/class/scsi_tape/st0/stats/io_ns': '4000000000\n',
  'sys/class/scsi_tape/st0/stats/in_flight': '1\n',
  'sys/class/scsi_tape/nst0/stats/read_cnt': '10\n',
  'sys/class/scsi_tape/st0a/stats/read_cnt': '10\n',
};
