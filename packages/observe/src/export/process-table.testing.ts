import type { ProcessReading, ProcessTable } from '@hecate/metrics';

/** A table of one process of that name. */
export function createProcessTableForTest(name: string): ProcessTable {
  const row: ProcessReading = {
    pid: 7,
    ppid: 1,
    name,
    command: name,
    uid: 1,
    user: name,
    kernel: false,
    startedAfterBoot: 1,
    startTime: 2,
    state: 'S',
    cpuUser: 1,
    cpuSystem: 2,
    rss: 3,
    virtual: 4,
    threads: 5,
    nice: 0,
    readBytes: null,
    writeBytes: null,
  };
  const one = (value: number): Float64Array => Float64Array.of(value);
  return {
    length: 1,
    identities: [row],
    state: Uint8Array.of(83),
    cpuUser: one(1),
    cpuSystem: one(2),
    rss: one(3),
    virtual: one(4),
    threads: one(5),
    nice: one(0),
    readBytes: one(Number.NaN),
    writeBytes: one(Number.NaN),
    ioTime: one(Number.NaN),
    earlierReadBytes: one(Number.NaN),
    earlierWriteBytes: one(Number.NaN),
    earlierIoTime: one(Number.NaN),
    maxPids: null,
    maxThreads: null,
    row: () => row,
  };
}
