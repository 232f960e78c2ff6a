import type { BcacheReading } from '../domain/bcache.ts';
import type { BcachefsReading } from '../domain/bcachefs.ts';
import type { BlockReading } from '../domain/block.ts';
import type { BtrfsReading } from '../domain/btrfs.ts';
import type { CpuReading } from '../domain/cpu.ts';
import type { DiskReading } from '../domain/disk.ts';
import type { DrbdReading } from '../domain/drbd.ts';
import type { FibrechannelReading } from '../domain/fibrechannel.ts';
import type { FilesystemReading } from '../domain/filesystem.ts';
import type { HostReading } from '../domain/host.ts';
import type { InfinibandReading } from '../domain/infiniband.ts';
import type { InterfaceReading } from '../domain/interface.ts';
import type { LoadReading } from '../domain/load.ts';
import type { MemoryReading } from '../domain/memory.ts';
import type { InterruptsReading } from '../domain/interrupts.ts';
import type { MountstatsReading } from '../domain/mountstats.ts';
import type { NfsReading } from '../domain/nfs.ts';
import type { NfsdReading } from '../domain/nfsd.ts';
import type { SoftirqsReading } from '../domain/softirqs.ts';
import type { SchedulerReading } from '../domain/scheduler.ts';
import type { ProcessorReading } from '../domain/processor.ts';
import type { FrequencyReading } from '../domain/frequency.ts';
import type { KernelReading } from '../domain/kernel.ts';
import type { PagingReading } from '../domain/paging.ts';
import type { NumaReading } from '../domain/numa.ts';
import type { HugepagesReading } from '../domain/hugepages.ts';
import type { SwapReading } from '../domain/swap.ts';
import type { KsmReading } from '../domain/ksm.ts';
import type { EdacReading } from '../domain/edac.ts';
import type { BuddyinfoReading } from '../domain/buddyinfo.ts';
import type { TapeReading } from '../domain/tape.ts';
import type { ZoneinfoReading } from '../domain/zoneinfo.ts';
import type { SlabReading } from '../domain/slab.ts';
import type { MultipathReading } from '../domain/multipath.ts';
import type { NetworkReading } from '../domain/network.ts';
import type { EthtoolReading } from '../domain/ethtool.ts';
import type { WifiReading } from '../domain/wifi.ts';
import type { ConnectionsReading } from '../domain/connections.ts';
import type { SmartReading } from '../domain/smart.ts';
import type { XfrmCounter } from '../domain/xfrm.ts';
import type { IpvsReading } from '../domain/ipvs.ts';
import type { CacheCounter } from '../domain/lnstat.ts';
import type { BondReading } from '../domain/bonding.ts';
import type { QdiscReading } from '../domain/qdisc.ts';
import type { ArpReading } from '../domain/arp.ts';
import type { SoftnetReading } from '../domain/softnet.ts';
import type { ConntrackReading } from '../domain/conntrack.ts';
import type { RouteReading } from '../domain/routes.ts';
import type { SocketsReading } from '../domain/sockets.ts';
import type { ProtocolsReading } from '../domain/protocols.ts';
import type { NvmeReading } from '../domain/nvme.ts';
import type { PressureReading } from '../domain/pressure.ts';
import type { ProcessTable } from '../domain/process.ts';
import type { RaidReading } from '../domain/raid.ts';
import type { VolumeReading } from '../domain/volumes.ts';
import type { XfsReading } from '../domain/xfs.ts';
import type { ZfsReading } from '../domain/zfs.ts';
import type { SensorsReading } from '../domain/sensors.ts';
import type { ThermalReading } from '../domain/thermal.ts';
import type { EnergyReading } from '../domain/energy.ts';
import type { PowerReading } from '../domain/power.ts';
import type { GpuProcess } from '../domain/gpu-processes.ts';
import type { GpuReading } from '../domain/gpu.ts';
import type { DmiReading } from '../domain/dmi.ts';
import type { ClockReading } from '../domain/clock.ts';
import type { PciDevice } from '../domain/pci.ts';
import type { UsbDevice } from '../domain/usb.ts';
import type { Watchdog } from '../domain/watchdog.ts';
import type { CgroupReading } from '../domain/cgroup.ts';
import type { ContainerReading } from '../domain/containers.ts';
import type { UnitsReading } from '../domain/units.ts';
import type { UserSession } from '../domain/users.ts';
import type { VirtualizationReading } from '../domain/virtualization.ts';
import type { GuestReading } from '../domain/guests.ts';
import type { Collector } from './collector.ts';
import type { Gap } from './gap.ts';

/** What each collector reads, by its name. A platform offers some or all of these. */
export interface Readings {
  readonly host: HostReading;
  readonly cpu: CpuReading;
  readonly load: LoadReading;
  readonly pressure: PressureReading;
  readonly memory: MemoryReading;
  readonly interrupts: InterruptsReading;
  readonly softirqs: SoftirqsReading;
  readonly scheduler: readonly SchedulerReading[];
  readonly processor: ProcessorReading;
  readonly frequency: FrequencyReading;
  readonly kernel: KernelReading;
  readonly paging: PagingReading;
  readonly numa: readonly NumaReading[];
  readonly hugepages: HugepagesReading;
  readonly swap: SwapReading;
  readonly ksm: KsmReading;
  readonly edac: readonly EdacReading[];
  readonly buddyinfo: readonly BuddyinfoReading[];
  readonly zoneinfo: readonly ZoneinfoReading[];
  readonly slab: readonly SlabReading[];
  readonly disk: readonly DiskReading[];
  readonly block: readonly BlockReading[];
  readonly filesystem: readonly FilesystemReading[];
  readonly raid: readonly RaidReading[];
  readonly nvme: readonly NvmeReading[];
  readonly zfs: ZfsReading;
  readonly btrfs: readonly BtrfsReading[];
  readonly xfs: readonly XfsReading[];
  readonly bcache: readonly BcacheReading[];
  readonly bcachefs: readonly BcachefsReading[];
  readonly volumes: readonly VolumeReading[];
  readonly multipath: readonly MultipathReading[];
  readonly drbd: readonly DrbdReading[];
  readonly tape: readonly TapeReading[];
  readonly fibrechannel: readonly FibrechannelReading[];
  readonly infiniband: readonly InfinibandReading[];
  readonly nfs: NfsReading;
  readonly nfsd: NfsdReading;
  readonly mountstats: readonly MountstatsReading[];
  readonly smart: readonly SmartReading[];
  readonly network: readonly NetworkReading[];
  readonly interface: readonly InterfaceReading[];
  readonly protocols: ProtocolsReading;
  readonly sockets: SocketsReading;
  readonly routes: readonly RouteReading[];
  readonly conntrack: ConntrackReading;
  readonly softnet: readonly SoftnetReading[];
  readonly arp: readonly ArpReading[];
  readonly qdisc: readonly QdiscReading[];
  readonly bonding: readonly BondReading[];
  readonly lnstat: readonly CacheCounter[];
  readonly ipvs: IpvsReading;
  readonly xfrm: readonly XfrmCounter[];
  readonly connections: ConnectionsReading;
  readonly sensors: SensorsReading;
  readonly thermal: ThermalReading;
  readonly energy: EnergyReading;
  readonly power: PowerReading;
  readonly gpu: readonly GpuReading[];
  readonly gpuprocesses: readonly GpuProcess[];
  readonly dmi: DmiReading;
  readonly clock: ClockReading;
  readonly pci: readonly PciDevice[];
  readonly usb: readonly UsbDevice[];
  readonly watchdog: readonly Watchdog[];
  readonly wifi: readonly WifiReading[];
  readonly ethtool: readonly EthtoolReading[];
  readonly cgroup: CgroupReading;
  readonly containers: readonly ContainerReading[];
  readonly units: UnitsReading;
  readonly users: readonly UserSession[];
  readonly virtualization: VirtualizationReading;
  readonly guests: readonly GuestReading[];
  readonly processes: ProcessTable;
}

/** Name of a collector. */
export type CollectorName = keyof Readings;

/** Collectors that have to wait for the machine; a read of theirs is a promise. */
export type AsynchronousName = 'filesystem' | 'sensors' | 'thermal' | 'power' | 'smart' | 'units';

/** A collector of any name, with its reading. */
export type AnyCollector = { [Name in CollectorName]: Collector<Name, Readings[Name]> }[CollectorName];

/** How one collector fared: part of every snapshot, because a collector that fails must be seen. */
export interface CollectorRun {
  readonly collector: CollectorName;
  /** Seconds that its last read took. */
  readonly seconds: number;
  /** Whether it read anything. */
  readonly success: boolean;
  /** Monotonic time of the read; slow collectors are older than the snapshot. */
  readonly readAt: number;
}

/** Raw readings of one moment. A reading is null when its collector could not read or was not asked; `gaps` says why. */
export interface Snapshot extends Readonly<{ [Name in CollectorName]: Readings[Name] | null }> {
  /** Seconds since the epoch. */
  readonly time: number;
  /** Seconds on the clock that rates divide by. */
  readonly monotonic: number;
  readonly gaps: readonly Gap[];
  readonly runs: readonly CollectorRun[];
}
