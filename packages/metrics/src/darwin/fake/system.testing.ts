import { constant, encode } from './abi.testing.ts';
import { doubles, int, long, processorTicks, text } from './machine.testing.ts';
import type { FakeMachine, Refusal } from './machine.testing.ts';

/** Cores of one kind: how many, and their caches in KiB. */
export interface FakeLevel {
  readonly name: string;
  readonly cores: number;
  readonly sharedBy: number;
  readonly kilobytes: readonly [instruction: number, data: number, levelTwo: number];
}

/** The machine and its system, as Apple publishes them or `sysctl` prints them. */
export interface FakeSystem {
  /** `23.5.0`. */
  readonly release: string;
  readonly product: string;
  readonly build: string;
  readonly model: string;
  readonly brand: string;
  readonly machine: 'arm64' | 'x86_64';
  readonly memory: number;
  readonly cores: number;
  readonly threads: number;
  /** Null: the system has no such names. */
  readonly levels: readonly FakeLevel[] | null;
  /** Seconds since the epoch. */
  readonly booted: number;
  readonly load: readonly [number, number, number];
  /** Ticks of each CPU: user, system, idle, nice. */
  readonly ticks: readonly (readonly [number, number, number, number])[];
  /** Numbers of Intel's processors by their names under `machdep.cpu`. */
  readonly intel?: Readonly<Record<string, number>>;
}

/** What the system of a machine answers. */
export function systemOf(system: FakeSystem): FakeMachine {
  const { levels, intel } = system;
  const answers: Record<string, Buffer | Refusal> = {
    'sysctl:kern.osrelease': text(system.release),
    'sysctl:kern.osproductversion': text(system.product),
    'sysctl:kern.osversion': text(system.build),
    'sysctl:kern.version': text(`Darwin Kernel Version ${system.release}: root:xnu/RELEASE_${system.machine.toUpperCase()}`),
    'sysctl:kern.hostname': text('studio.local'),
    'sysctl:kern.bootsessionuuid': text('9C1B2A4E-0F3D-4E53-9A3B-2C8D1E7F6A50'),
    'sysctl:kern.boottime': encode('timeval', { tv_sec: system.booted, tv_usec: 250_000 }, system.machine),
    'sysctl:hw.machine': text(system.machine),
    'sysctl:hw.model': text(system.model),
    'sysctl:hw.memsize': long(system.memory),
    'sysctl:hw.pagesize': long(system.machine === 'arm64' ? 16_384 : 4096),
    'sysctl:hw.packages': int(1),
    'sysctl:hw.physicalcpu': int(system.cores),
    'sysctl:hw.logicalcpu': int(system.threads),
    'sysctl:hw.tbfrequency': long(system.machine === 'arm64' ? 24_000_000 : 1_000_000_000),
    'sysctl:machdep.cpu.brand_string': text(system.brand),
    getloadavg: doubles(...system.load),
    [`host_processor_info:${constant('PROCESSOR_CPU_LOAD_INFO')}`]: processorTicks(system.ticks),
  };
  if (levels) answers['sysctl:hw.nperflevels'] = int(levels.length);
  for (const [index, { name, cores, sharedBy, kilobytes }] of (levels ?? []).entries()) {
    const level = `sysctl:hw.perflevel${index}`;
    const [instruction, data, levelTwo] = kilobytes.map((size) => int(size * 1024)) as [Buffer, Buffer, Buffer];
    Object.assign(answers, {
      [`${level}.name`]: text(name),
      [`${level}.physicalcpu`]: int(cores),
      [`${level}.logicalcpu`]: int(cores),
      [`${level}.cpusperl2`]: int(sharedBy),
      [`${level}.l1icachesize`]: instruction,
      [`${level}.l1dcachesize`]: data,
      [`${level}.l2cachesize`]: levelTwo,
    });
  }
  if (intel) {
    answers['sysctl:machdep.cpu.vendor'] = text('GenuineIntel');
    for (const [name, value] of Object.entries(intel)) answers[`sysctl:${name}`] = int(value);
  }
  return { answers };
}

/** Pages of each kind, and the swap files. */
export interface FakeMemory {
  readonly pages: Readonly<Record<string, number>>;
  /** Bytes: in all, free, used. Null: refused. */
  readonly swap: readonly [total: number, free: number, used: number] | null;
  /** 1, 2 or 4. Null: not there. */
  readonly pressure: number | null;
  /** Statistics of macOS 26, which are longer, and which refuse a smaller count. */
  readonly isLonger?: boolean;
}

/** What a machine answers about its memory. `pages` by Apple's names, without `_count`. */
export function memoryOf({ pages, swap, pressure, isLonger = false }: FakeMemory, machine: 'arm64' | 'x86_64'): FakeMachine {
  const bytes = encode(isLonger ? 'vm_statistics64_rev3' : 'vm_statistics64', pages, machine);
  return {
    answers: {
      [`host_statistics64:${constant('HOST_VM_INFO64')}`]: { bytes, error: isLonger ? bytes.length / 4 : 38 },
      ...(pressure === null ? {} : { 'sysctl:kern.memorystatus_vm_pressure_level': int(pressure) }),
      'sysctl:vm.swapusage':
        swap === null
          ? { result: -1, error: constant('EPERM') }
          : encode('xsw_usage', { xsu_total: swap[0], xsu_avail: swap[1], xsu_used: swap[2], xsu_pagesize: 4096 }, machine),
    },
  };
}
