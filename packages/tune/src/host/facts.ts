/**
 * What a tuner has to know of a machine. Plain data: `detect` reads it once, profiles are chosen and plans are made from it alone,
 * so a plan can be tested, printed and made on another machine. What could not be read is null, an empty list where there is none.
 */
export interface HostFacts {
  readonly hostname: string | null;
  readonly kernel: KernelFacts;
  readonly cpu: CpuFacts;
  readonly memory: MemoryFacts;
  readonly disks: readonly DiskFacts[];
  readonly nics: readonly NicFacts[];
  readonly gpus: readonly GpuFacts[];
  /** Interrupts of devices, by number; empty where the kernel shows none. */
  readonly irqs: readonly IrqFacts[];
  /** The hypervisor that it runs on (`kvm`, `vmware`, …, `other`), as systemd-detect-virt names it; null on hardware. */
  readonly hypervisor: string | null;
  /** The container that we are in (`docker`, `podman`, `lxc`, …); null in none. */
  readonly container: string | null;
  /** Whether it has a battery that runs the machine. */
  readonly battery: boolean;
  /** Whether it runs from the mains; null when nothing says so. */
  readonly mains: boolean | null;
  readonly formFactor: FormFactor;
  readonly roles: RoleFacts;
}

/** What kind of machine it is, from DMI's chassis type, the hypervisor and the device tree. */
export type FormFactor = 'server' | 'desktop' | 'laptop' | 'tablet' | 'embedded' | 'virtual' | 'unknown';

/** The kernel. */
export interface KernelFacts {
  /** As `uname -r` has it; empty when nothing says it, and the version is 0.0 then. */
  readonly release: string;
  /** Major and minor number. */
  readonly version: readonly [major: number, minor: number];
  /** The machine as `uname -m` has it: `x86_64`, `aarch64`. Null on recorded trees that do not say. */
  readonly machine: string | null;
  /** Congestion controls of TCP that can be chosen now (net.ipv4.tcp_available_congestion_control). */
  readonly congestionControls: readonly string[];
  /** Choices of /sys/kernel/mm/transparent_hugepage/enabled; empty where there is none. */
  readonly hugepageModes: readonly string[];
}

/** The processor. */
export interface CpuFacts {
  /** `arm` is everybody but Apple who builds cores of Arm's architecture. */
  readonly vendor: 'intel' | 'amd' | 'arm' | 'apple' | 'other';
  /** Family and model as /proc/cpuinfo numbers them; null where it does not (ARM). */
  readonly family: number | null;
  readonly model: number | null;
  readonly name: string | null;
  readonly sockets: number | null;
  readonly cores: number | null;
  /** Logical CPUs that are online; 1 when nothing says it. */
  readonly threads: number;
  readonly smt: boolean | null;
  /** Logical CPUs by kind where cores differ (Intel P and E, ARM big and little); null where all are alike. */
  readonly hybrid: { readonly performance: readonly number[]; readonly efficiency: readonly number[] } | null;
  /** The frequency driver (`intel_pstate`, `amd-pstate-epp`, `acpi-cpufreq`, …); null where frequencies cannot be set. */
  readonly driver: string | null;
  readonly policies: readonly CpuPolicy[];
  /** The switch of turbo; null where there is none. */
  readonly boost: BoostSwitch | null;
  /** Idle states that can be switched off one by one, of each CPU. */
  readonly idleStates: readonly IdleState[];
  /** CPUs whose energy bias can be set (/sys/devices/system/cpu/cpuN/power/energy_perf_bias). */
  readonly energyBias: readonly number[];
}

/** CPUs that share a frequency: /sys/devices/system/cpu/cpufreq/policyN. */
export interface CpuPolicy {
  /** `policy0`. */
  readonly name: string;
  readonly cpus: readonly number[];
  readonly governor: string | null;
  /** Governors that can be chosen. */
  readonly governors: readonly string[];
  /** Energy-performance preferences that can be chosen; empty where the driver has none. */
  readonly preferences: readonly string[];
}

/** A file that switches turbo on and off. */
export interface BoostSwitch {
  readonly path: string;
  /** What to write for on and for off: intel_pstate/no_turbo is the wrong way round. */
  readonly on: string;
  readonly off: string;
  readonly isOn: boolean;
}

/** One idle state of one CPU: /sys/devices/system/cpu/cpuN/cpuidle/stateM. */
export interface IdleState {
  readonly cpu: number;
  readonly state: number;
  /** `POLL`, `C1E`, `C6`. */
  readonly name: string;
  /** Seconds to leave it. */
  readonly latency: number;
  readonly disabled: boolean;
}

/** Memory. */
export interface MemoryFacts {
  /** Bytes; 0 when nothing says it. */
  readonly total: number;
  /** Nodes that have memory; 1 where there is no NUMA. */
  readonly nodes: number;
  /** Bytes of swap in use or not, zram included. */
  readonly swap: number;
  /** Swap devices that are zram: `zram0`. */
  readonly zram: readonly string[];
  /** Whether zram can be had: the module is loaded, or lies in /lib/modules. */
  readonly canZram: boolean;
  /** Whether zswap is there to be switched. */
  readonly zswap: boolean;
  /** Bytes of a page (4096 when nothing says otherwise), and of a huge page (null where there are none). */
  readonly pageSize: number;
  readonly hugepageSize: number | null;
}

/** What a disk is. `virtual`: of a hypervisor. */
export type DiskKind = 'nvme' | 'ssd' | 'hdd' | 'virtual' | 'flash' | 'loop' | 'other';

/** A whole disk, never a partition: /sys/block/NAME. Prepared devices that nothing uses (ram0, loop0) are left out. */
export interface DiskFacts {
  readonly name: string;
  readonly kind: DiskKind;
  /** Bytes. */
  readonly size: number;
  readonly removable: boolean;
  /** Schedulers that can be chosen; empty where there is no queue of its own. */
  readonly schedulers: readonly string[];
  readonly scheduler: string | null;
  /** Bytes read ahead; null where it does not say. */
  readonly readAhead: number | null;
}

/** A network interface with a device behind it. */
export interface NicFacts {
  readonly name: string;
  readonly driver: string | null;
  /** Bits a second; null where the link is down or does not say. */
  readonly speed: number | null;
  readonly wireless: boolean;
  /** Made by a hypervisor or a cloud, without a wire of its own. */
  readonly virtual: boolean;
}

/** A graphics processor or accelerator on PCI, or an Apple or ARM one of the platform. */
export interface GpuFacts {
  readonly vendor: 'nvidia' | 'amd' | 'intel' | 'apple' | 'other';
  /** PCI address (`0000:01:00.0`); null when it is not on PCI. */
  readonly address: string | null;
  readonly driver: string | null;
  /** Directory of its DRM card (`/sys/class/drm/card0`); null when it has none. */
  readonly card: string | null;
  /** PCI class 0x0302 or 0x1200: no screen can be plugged in. A laptop's second GPU is so too. */
  readonly computeOnly: boolean;
  /** Bytes of its own memory; null when the driver does not say, as NVIDIA's does not. */
  readonly memory: number | null;
  /** Null when nothing says it, or it sleeps and asking would wake it. */
  readonly power: GpuPower | null;
}

/** How much power a GPU may draw, in watts. */
export interface GpuPower {
  readonly limit: number;
  readonly defaultLimit: number;
  /** Limits that can be set. */
  readonly least: number;
  readonly most: number;
  /** The file with the limit, in microwatts; null where the driver's program sets it. */
  readonly file: string | null;
}

/** An interrupt with a number: /proc/irq/N. */
export interface IrqFacts {
  readonly irq: number;
  /** Who asked for it, as /proc/interrupts has it: `nvme0q1`, `virtio2-input.0`; empty when nobody has. */
  readonly name: string;
  /** CPUs that may serve it. */
  readonly cpus: readonly number[];
  /** Whether these can be chosen. The kernel places those of many disks itself, one a CPU. False where it does not say. */
  readonly settable: boolean;
  /** The interface or disk that it is of; the first where several share it. */
  readonly device: string | null;
}

/** What the machine is used for, as far as its processes and files tell. */
export interface RoleFacts {
  /** Container engines or orchestrators that run: `docker`, `containerd`, `podman`, `crio`, `kubelet`. */
  readonly containers: readonly string[];
  /** Database servers that run: `postgres`, `mysqld`, `mongod`, `redis-server`, … */
  readonly databases: readonly string[];
  /** Other servers that listen for others: `nginx`, `apache2`, `haproxy`, … */
  readonly servers: readonly string[];
  /** Whether virtual machines run or their manager does (`libvirtd`, `qemu-system-*`). */
  readonly virtualMachines: boolean;
  /** Whether somebody can sit in front of it: a display server runs or one is installed. */
  readonly desktop: boolean;
  /** Game launchers that are installed or run: `steam`, `lutris`, `gamemoded`. */
  readonly games: readonly string[];
  /** Compilers and editors that are installed: `gcc`, `node`, `code`, … */
  readonly development: readonly string[];
  /** Whether real-time or low-latency work runs: a PREEMPT_RT kernel, `jackd`, an isolcpus boot option. */
  readonly realtime: boolean;
}
