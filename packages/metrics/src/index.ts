export type { BlockReading } from './domain/block.ts';
export { counterRate, CPU_MODES, cpuRates, cpuUsage } from './domain/cpu.ts';
export type { CoreTimes, CpuMode, CpuRates, CpuReading, CpuTimes, CpuUsage } from './domain/cpu.ts';
export { diskRates, disksRates } from './domain/disk.ts';
export type { DiskRates, DiskReading, DisksRates } from './domain/disk.ts';
export { eachFilesystemOnce } from './domain/filesystem-choice.ts';
export { filesystemRates, fillForecast } from './domain/filesystem.ts';
export type { FilesystemRates, FilesystemReading, FillForecast } from './domain/filesystem.ts';
export type { HostReading } from './domain/host.ts';
export type { InterfaceAddress, InterfaceErrors, InterfaceReading } from './domain/interface.ts';
export type { LoadReading } from './domain/load.ts';
export type { MemoryLine, MemoryReading } from './domain/memory.ts';
export { networksRates } from './domain/network.ts';
export type { NetworkRates, NetworkReading, NetworksRates } from './domain/network.ts';
export { PRESSURE_RESOURCES, pressureRates } from './domain/pressure.ts';
export type { PressureRates, PressureReading, PressureResource, ResourcePressure, Stall } from './domain/pressure.ts';
export { countProcesses, knownFigure, PROCESS_STATES, processState } from './domain/process.ts';
export type { ProcessColumn, ProcessIdentity, ProcessReading, ProcessState, ProcessTable } from './domain/process.ts';
export type { ProcessGroupReading } from './domain/process-groups.ts';
export { createProcessTable } from './domain/process-table.ts';
export type { ProcessTableParts } from './domain/process-table.ts';
export { NO_PROCESS_RATES, processRates } from './domain/process-rates.ts';
export type { ProcessRates } from './domain/process-rates.ts';
export type { ArpReading } from './domain/arp.ts';
export type { BondMember, BondReading } from './domain/bonding.ts';
export { CONNECTION_STATES, countConnections } from './domain/connections.ts';
export type { Connection, ConnectionCount, ConnectionsReading, ConnectionState, SocketOwner } from './domain/connections.ts';
export { tcpBytesByProcess } from './domain/tcp-bytes.ts';
export type { TcpBytes } from './domain/tcp-bytes.ts';
export type { ConntrackReading } from './domain/conntrack.ts';
export type { DriverCounter, EthtoolReading } from './domain/ethtool.ts';
export type { IpvsBackend, IpvsReading } from './domain/ipvs.ts';
export type { CacheCounter } from './domain/lnstat.ts';
export { PROTOCOL_COUNTERS } from './domain/protocol-counters.ts';
export type { CountsByPart, IcmpCounts, IpCounts, ProtocolPart, TcpCounts, UdpCounts } from './domain/protocol-counters.ts';
export type { ProtocolCounter, ProtocolsReading } from './domain/protocols.ts';
export { protocolsRates, RETRANSMIT_MINIMUM } from './domain/protocols-rates.ts';
export type { IpRates, ProtocolsRates, TcpRates, UdpRates } from './domain/protocols-rates.ts';
export type { QdiscReading } from './domain/qdisc.ts';
export type { RouteReading } from './domain/routes.ts';
export type { SocketCount, SocketsReading, UdpQueues } from './domain/sockets.ts';
export type { SoftnetReading } from './domain/softnet.ts';
export type { WifiReading, WifiStation } from './domain/wifi.ts';
export type { XfrmCounter } from './domain/xfrm.ts';
export type { BtrfsAllocation, BtrfsDevice, BtrfsLayout, BtrfsMember, BtrfsReading } from './domain/btrfs.ts';
export type { MultipathPath, MultipathReading } from './domain/multipath.ts';
export type { NvmeNamespace, NvmeReading } from './domain/nvme.ts';
export type { RaidComponent, RaidReading, RaidSync } from './domain/raid.ts';
export { NVME_WARNINGS, smartctlProblems, smartVerdict } from './domain/smart.ts';
export type {
  NvmeHealth,
  ScsiErrors,
  ScsiHealth,
  SmartAttribute,
  SmartIdentity,
  SmartReading,
  SmartStatistic,
  SmartVerdict,
} from './domain/smart.ts';
export type { VolumeKind, VolumeReading } from './domain/volumes.ts';
export { ZFS_POOL_STATES, zfsRates } from './domain/zfs.ts';
export type { ZfsArc, ZfsDataset, ZfsPool, ZfsPoolRates, ZfsRates, ZfsReading, ZfsStatistic } from './domain/zfs.ts';
export type { BcacheBacking, BcacheCache, BcacheReading, BcacheUse } from './domain/bcache.ts';
export type { BcachefsCompression, BcachefsDevice, BcachefsError, BcachefsIo, BcachefsReading, BcachefsWrites } from './domain/bcachefs.ts';
export type { DrbdNode, DrbdReading } from './domain/drbd.ts';
export type { FibrechannelReading } from './domain/fibrechannel.ts';
export type { InfinibandPort, InfinibandReading } from './domain/infiniband.ts';
export type { MountstatsReading, NfsOperation, NfsTransport } from './domain/mountstats.ts';
export { nfsRates } from './domain/nfs.ts';
export type { NfsRates, NfsReading } from './domain/nfs.ts';
export type { NfsProcedure } from './domain/nfs-procedures.ts';
export type { NfsdReading } from './domain/nfsd.ts';
export type { TapeReading } from './domain/tape.ts';
export type { XfsReading } from './domain/xfs.ts';
export type { Collector, Lane, Reader, Sliced } from './model/collector.ts';
export type { Field, FieldKind, Group, OpenFamily, OtelMetric, PrometheusSeries, Unit } from './model/field.ts';
export type { Gap, GapReason, GapSink } from './model/gap.ts';
export { deriveRates, longestBetween, RATE_FIELDS } from './model/rates.ts';
export type { RatedName, Rates } from './model/rates.ts';
export type { RateField } from './model/rate-field.ts';
export type { AnyCollector, CollectorName, CollectorRun, Readings, Snapshot } from './model/snapshot.ts';
export { COLLECTOR_NAMES } from './model/collector-names.ts';
export { collectorsOf } from './platform.ts';
export { openSampler, sample } from './platform-sampler.ts';
export { openSamplerOf, sampleOf } from './sampler.ts';
export type { SampleOptions, Sampler, SamplerOptions } from './sampler.ts';
export { openMachine, openMachineOf } from './machine.ts';
export { openRoot } from './rooted.ts';
export { recordMac } from './darwin/recording/record-mac.ts';
export type { MacRecording, RecordOptions } from './darwin/recording/record-mac.ts';
export type {
  Machine,
  MachineOptions,
  MetricRead,
  MetricReads,
  MetricResult,
  MetricSample,
  MetricSnapshot,
  WholeMachine,
} from './machine.ts';
export { processes as darwinProcesses } from './darwin/processes.ts';
export { sensors as darwinSensors } from './darwin/sensors.ts';
export * from './linux/index.ts';
export { createTicker } from './ticker.ts';
export type { Ticker } from './ticker.ts';
export { cgroupRates } from './domain/cgroup.ts';
export type { CgroupController, CgroupRates, CgroupReading } from './domain/cgroup.ts';
export { containersRates } from './domain/containers.ts';
export type { ContainerInterface, ContainerRates, ContainerReading } from './domain/containers.ts';
export { countUnits, UNIT_STATES, unitsRates } from './domain/units.ts';
export type { UnitRates, UnitReading, UnitsReading } from './domain/units.ts';
export { countLogins } from './domain/users.ts';
export type { UserLogins, UserSession } from './domain/users.ts';
export type { GuestReading } from './domain/guests.ts';
export type { VirtualizationReading } from './domain/virtualization.ts';
export type {
  AddressEvent,
  ClockEvent,
  DeviceEvent,
  EventKind,
  Happening,
  LinkEvent,
  LostEvent,
  MachineEvent,
  MemoryPressureEvent,
  MemoryPressureLevel,
  MountEvent,
  OomKillEvent,
  OverrunEvent,
  PowerSourceEvent,
  PressureEvent,
  ProcessEvent,
  ProcessExitEvent,
  ThermalPressure,
  ThrottleEvent,
  UnavailableEvent,
  WatchingEvent,
  WatchNote,
} from './events/event.ts';
export { DEFAULT_EVENT_KINDS, EVENT_KIND_NAMES, EVENT_KINDS } from './events/event-kinds.ts';
export type { EventKindDeclaration } from './events/event-kinds.ts';
export { parsePressureTrigger } from './events/pressure-trigger.ts';
export type { PressureTrigger } from './events/pressure-trigger.ts';
export { watchEvents } from './events/watch-events.ts';
export type { ProcessToWatch, WatchOptions } from './events/watch-options.ts';
export { cpuTemperature } from './domain/cpu-temperature.ts';
export { gpuFrequency, gpuPower, gpuRates, gpuUsage } from './domain/gpu.ts';
export type { GpuRates, GpuReading, GpuState } from './domain/gpu.ts';
export { gpuProcessRates } from './domain/gpu-processes.ts';
export type { GpuProcess, GpuProcessRates } from './domain/gpu-processes.ts';
export { ANE_ASSUMED_MAXIMUM, energyRates, processPower } from './domain/energy.ts';
export type { EnergyRates, EnergyReading, EnergyZone, EnergyZoneKind, PowerConstraint, ZonePower } from './domain/energy.ts';
export { gpuTemperature } from './domain/gpu-temperature.ts';
export { systemPower } from './domain/system-power.ts';
export { isThrottling, THERMAL_LEVELS } from './domain/thermal.ts';
export type { AppleThermal, CoolingDevice, ThermalReading, ThermalZone, ThrottleEvidence, TripPoint } from './domain/thermal.ts';
export { summarizePower } from './domain/power.ts';
export type { PowerReading, PowerSource, PowerSummary, PowerSupply } from './domain/power.ts';
export type {
  CurrentSensor,
  EnergySensor,
  FanSensor,
  FrequencySensor,
  HumiditySensor,
  IntrusionSensor,
  PowerSensor,
  PwmMode,
  PwmOutput,
  SensorChip,
  SensorsReading,
  TemperatureSensor,
  VoltageSensor,
} from './domain/sensors.ts';
export type { DmiReading } from './domain/dmi.ts';
export type { ClockReading, ClockSource, ClockSync } from './domain/clock.ts';
export type { PciDevice } from './domain/pci.ts';
export type { UsbDevice } from './domain/usb.ts';
export type { Watchdog } from './domain/watchdog.ts';
export type { CpuTable } from './domain/cpu-table.ts';
export { interruptsRates } from './domain/interrupts.ts';
export type { InterruptLine, InterruptsRates, InterruptsReading } from './domain/interrupts.ts';
export { softirqsRates } from './domain/softirqs.ts';
export type { SoftirqLine, SoftirqsRates, SoftirqsReading, SoftirqVector } from './domain/softirqs.ts';
export { schedulerRates } from './domain/scheduler.ts';
export type { SchedulerRate, SchedulerRates, SchedulerReading } from './domain/scheduler.ts';
export type {
  CoreType,
  ProcessorCache,
  ProcessorCpu,
  ProcessorInfo,
  ProcessorReading,
  ProcessorVulnerability,
} from './domain/processor.ts';
export { frequencyRates } from './domain/frequency.ts';
export { residencyRates } from './domain/frequency-residency.ts';
export type { ChannelRates, FrequencyChannel, FrequencyState, StateShare } from './domain/frequency-residency.ts';
export type {
  CoreThrottle,
  FrequencyClock,
  FrequencyPolicy,
  FrequencyRates,
  FrequencyReading,
  PackageThrottle,
} from './domain/frequency.ts';
export { taintsOf } from './domain/kernel.ts';
export type { KernelReading } from './domain/kernel.ts';
export { pagingRates } from './domain/paging.ts';
export type { PagingCounter, PagingCounters, PagingLine, PagingRates, PagingReading } from './domain/paging.ts';
export { numaRates } from './domain/numa.ts';
export type { NumaCounters, NumaRate, NumaReading } from './domain/numa.ts';
export type { HugepagePool, HugepagesReading, TransparentHugepages, TransparentSize } from './domain/hugepages.ts';
export type { SwapDevice, SwapReading, ZramDevice, ZswapReading } from './domain/swap.ts';
export type { KsmReading } from './domain/ksm.ts';
export type { EdacChannel, EdacModule, EdacReading, EdacRow, MemoryErrors } from './domain/edac.ts';
export { fragmentation } from './domain/buddyinfo.ts';
export type { BuddyinfoReading } from './domain/buddyinfo.ts';
export type { ZoneinfoReading, ZoneStat } from './domain/zoneinfo.ts';
export type { SlabReading } from './domain/slab.ts';
export type * from './domain/process-detail.ts';
export { createProcessGrouper, groupNameOf } from './domain/process-groups.ts';
export type { ProcessGrouper, ProcessGroupOptions, ProcessGroupRule } from './domain/process-groups.ts';
export { buildProcessTree, sumSubtrees } from './domain/process-tree.ts';
export type { ProcessTree, SubtreeSums } from './domain/process-tree.ts';
export { readProcessDetail, readProcessDetailSliced } from './linux/process-detail.ts';
export type { ProcessDetailOptions } from './linux/process-detail.ts';
export { CATALOGUE, SUBJECTS } from './model/catalogue.ts';
export type { CatalogueEntry, Subject } from './model/catalogue.ts';
export { jsonPathOf } from './model/json-path.ts';
