import type { Tree } from '../rooted-tree.testing.ts';

/** Interrupts of a machine whose second CPU is offline, soft ones, the scheduler, zones and slabs. */
export const tree: Tree = {
  'proc/interrupts':
    '           CPU0       CPU2       \n' +
    '   8:          1          0  IR-IO-APIC    8-edge      rtc0\n' +
    ' 130:     123456     654321  IR-PCI-MSIX-0000:01:00.0    1-edge      nvme0q1, nvme0q2\n' +
    ' LOC:   99999999   88888888   Local timer interrupts\n' +
    ' ERR:          3\n' +
    ' MIS:          4\n' +
    ' PIN:          5          6   Posted-interrupt notification event\n',
  'proc/softirqs': '                    CPU0       CPU2       \n          HI:          7          1\n      NET_RX:      43066     104508\n',
  'proc/stat':
    'cpu  100 0 100 1000 0 0 0 0 0 0\ncpu0 50 0 50 500 0 0 0 0 0 0\ncpu2 50 0 50 500 0 0 0 0 0 0\nintr 1 2\nctxt 5\nbtime 1700000000\nprocesses 9\nsoftirq 147582 8 0 0 147574 0 0 0 0 0 0\n',
  'proc/schedstat':
    'version 17\ntimestamp 4295000000\ncpu0 0 0 0 0 0 0 5000000000 250000000 1000\ndomain0 MC 00000005 1 2 3\ncpu2 0 0 0 0 0 0 4000000000 0 10\n',
  'proc/sys/fs/file-nr': '1088\t0\t9223372036854775807\n',
  'proc/sys/kernel/random/entropy_avail': '256\n',
  'proc/sys/kernel/random/poolsize': '256\n',
  'proc/sys/kernel/hung_task_detect_count': '2\n',
  'proc/sys/kernel/tainted': '12801\n',
  'proc/vmstat': 'nr_free_pages 5\npgpgin 10\npgpgout 20\npswpin 1\npswpout 2\npgfault 100\npgmajfault 3\noom_kill 1\npgscan_kswapd 8\n',
  'proc/buddyinfo': 'Node 0, zone   Normal      4      2      1\n',
  'proc/zoneinfo':
    'Node 0, zone   Normal\n  per-node stats\n      nr_dirtied   7\n  pages free     100\n        min      8\n        protection: (0, 0, 30)\n      nr_free_pages 100\n  pagesets\n    cpu: 0\n              count: 5\n  start_pfn:           1\n',
  'proc/slabinfo':
    'slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit>\ndentry 120 128 192 21 1 : tunables 0 0 0 : slabdata 6 6 0\n',
};
