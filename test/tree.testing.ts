import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporary } from './cli.testing.ts';

/** A small machine: two cores, one disk, one interface, two processes. The numbers are told apart from any real machine's. */
export const FILES: Readonly<Record<string, string>> = {
  'proc/stat':
    'cpu  1000 100 500 8000 200 0 50 0 0 0\ncpu0 600 50 300 4000 100 0 25 0 0 0\ncpu1 400 50 200 4000 100 0 25 0 0 0\nintr 12345 1 2\nctxt 777777\nbtime 1700000000\nprocesses 4242\nprocs_running 3\nprocs_blocked 1\nsoftirq 1 0 0\n',
  'proc/loadavg': '1.25 2.50 3.75 3/456 4242\n',
  'proc/meminfo':
    'MemTotal:        4000000 kB\nMemFree:         1000000 kB\nMemAvailable:    2500000 kB\nBuffers:          100000 kB\nCached:          1200000 kB\nSwapCached:            0 kB\nShmem:             50000 kB\nSReclaimable:     200000 kB\nSwapTotal:       2000000 kB\nSwapFree:        1500000 kB\n',
  'proc/diskstats': '   8       0 sda 100 10 2000 300 50 5 1000 200 0 400 500 0 0 0 0 0 0\n',
  'proc/net/dev':
    'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n  eth7: 111111 100 1 2 0 0 0 0 222222 200 0 0 0 0 0 0\n',
  'proc/uptime': '5000.00 9000.00\n',
  'proc/cpuinfo': 'processor\t: 0\nmodel name\t: Testing CPU 3000\n\nprocessor\t: 1\nmodel name\t: Testing CPU 3000\n',
  'proc/pressure/cpu': 'some avg10=1.50 avg60=2.00 avg300=0.50 total=123456\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
  'proc/sys/kernel/hostname': 'small-machine\n',
  'proc/sys/kernel/osrelease': '5.10.0-test\n',
  'etc/os-release': 'PRETTY_NAME="Test OS 7"\nNAME="Test OS"\nID=testos\nVERSION_ID="7"\n',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
  'proc/1/stat':
    '1 (init) S 0 1 1 0 -1 4194560 100 0 0 0 20 10 0 0 20 0 1 0 5 1000000 250 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n',
  'proc/1/cmdline': '/sbin/init\0',
  'proc/1/status': 'Name:\tinit\nUid:\t0\t0\t0\t0\n',
  'proc/42/stat':
    '42 (a (b) c) R 1 42 42 0 -1 4194560 100 0 0 0 200 100 0 0 20 0 3 0 500 2000000 500 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n',
  'proc/42/cmdline': 'worker\0--option\0',
  'proc/42/status': 'Name:\ta (b) c\nUid:\t0\t0\t0\t0\n',
};

/** Makes a machine of files in a temporary directory, `changes` over {@link FILES}; null leaves a file out. */
export function makeTree(changes: Readonly<Record<string, string | Uint8Array | null>> = {}): string {
  const directory = temporary('tree');
  for (const [file, content] of Object.entries({ ...FILES, ...changes })) {
    if (content === null) continue;
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), content);
  }
  return directory;
}

/** Makes a symbolic link in a tree. */
export function link(directory: string, file: string, target: string): void {
  mkdirSync(dirname(join(directory, file)), { recursive: true });
  symlinkSync(target, join(directory, file));
}
