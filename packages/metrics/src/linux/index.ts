import type { AnyCollector } from '../model/snapshot.ts';
import { bcache } from './bcache.ts';
import { bcachefs } from './bcachefs.ts';
import { block } from './block.ts';
import { btrfs } from './btrfs.ts';
import { cpu } from './cpu.ts';
import { disk } from './disk.ts';
import { drbd } from './drbd.ts';
import { fibrechannel } from './fibrechannel.ts';
import { filesystem } from './filesystem.ts';
import { gpuProcesses } from './gpu-processes.ts';
import { gpu } from './gpu.ts';
import { host } from './host.ts';
import { infiniband } from './infiniband.ts';
import { interfaces } from './interface.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { interrupts } from './interrupts.ts';
import { mountstats } from './mountstats.ts';
import { nfs } from './nfs.ts';
import { nfsd } from './nfsd.ts';
import { softirqs } from './softirqs.ts';
import { scheduler } from './scheduler.ts';
import { processor } from './processor.ts';
import { frequency } from './frequency.ts';
import { kernel } from './kernel.ts';
import { paging } from './paging.ts';
import { numa } from './numa.ts';
import { hugepages } from './hugepages.ts';
import { swap } from './swap.ts';
import { ksm } from './ksm.ts';
import { edac } from './edac.ts';
import { buddyinfo } from './buddyinfo.ts';
import { tape } from './tape.ts';
import { zoneinfo } from './zoneinfo.ts';
import { slab } from './slab.ts';
import { multipath } from './multipath.ts';
import { network } from './network.ts';
import { ethtool } from './ethtool.ts';
import { wifi } from './wifi.ts';
import { connections } from './connections.ts';
import { smart } from './smart.ts';
import { xfrm } from './xfrm.ts';
import { ipvs } from './ipvs.ts';
import { lnstat } from './lnstat.ts';
import { bonding } from './bonding.ts';
import { qdisc } from './qdisc.ts';
import { arp } from './arp.ts';
import { softnet } from './softnet.ts';
import { conntrack } from './conntrack.ts';
import { routes } from './routes.ts';
import { sockets } from './sockets.ts';
import { protocols } from './protocols.ts';
import { nvme } from './nvme.ts';
import { pressure } from './pressure.ts';
import { sensors } from './sensors.ts';
import { thermal } from './thermal.ts';
import { energy } from './energy.ts';
import { power } from './power.ts';
import { dmi } from './dmi.ts';
import { clock } from './clock.ts';
import { pci } from './pci.ts';
import { usb } from './usb.ts';
import { watchdog } from './watchdog.ts';
import { cgroup } from './cgroup.ts';
import { containers } from './containers.ts';
import { units } from './units.ts';
import { users } from './users.ts';
import { virtualization } from './virtualization.ts';
import { guests } from './guests.ts';
import { processes } from './processes.ts';
import { raid } from './raid.ts';
import { volumes } from './volumes.ts';
import { xfs } from './xfs.ts';
import { zfs } from './zfs.ts';

/** What Linux can be asked, in the order in which it is read and printed. */
export const linuxCollectors: readonly AnyCollector[] = [
  host,
  cpu,
  load,
  pressure,
  memory,
  interrupts,
  softirqs,
  scheduler,
  processor,
  frequency,
  kernel,
  paging,
  numa,
  hugepages,
  swap,
  ksm,
  edac,
  buddyinfo,
  zoneinfo,
  slab,
  disk,
  block,
  filesystem,
  raid,
  nvme,
  zfs,
  btrfs,
  xfs,
  bcache,
  bcachefs,
  volumes,
  multipath,
  drbd,
  tape,
  fibrechannel,
  infiniband,
  nfs,
  nfsd,
  mountstats,
  smart,
  network,
  interfaces,
  protocols,
  sockets,
  routes,
  conntrack,
  softnet,
  arp,
  qdisc,
  bonding,
  lnstat,
  ipvs,
  xfrm,
  connections,
  sensors,
  thermal,
  energy,
  power,
  gpu,
  gpuProcesses,
  dmi,
  clock,
  pci,
  usb,
  watchdog,
  wifi,
  ethtool,
  cgroup,
  containers,
  units,
  users,
  virtualization,
  guests,
  processes,
];

/** Each by its own name, for programs that want some only. */
export {
  arp as linuxArp,
  bcache as linuxBcache,
  bcachefs as linuxBcachefs,
  block as linuxBlock,
  bonding as linuxBonding,
  btrfs as linuxBtrfs,
  buddyinfo as linuxBuddyinfo,
  cgroup as linuxCgroup,
  clock as linuxClock,
  connections as linuxConnections,
  conntrack as linuxConntrack,
  containers as linuxContainers,
  cpu as linuxCpu,
  disk as linuxDisk,
  dmi as linuxDmi,
  drbd as linuxDrbd,
  edac as linuxEdac,
  energy as linuxEnergy,
  fibrechannel as linuxFibrechannel,
  filesystem as linuxFilesystem,
  frequency as linuxFrequency,
  gpu as linuxGpu,
  gpuProcesses as linuxGpuProcesses,
  host as linuxHost,
  hugepages as linuxHugepages,
  infiniband as linuxInfiniband,
  interfaces as linuxInterface,
  interrupts as linuxInterrupts,
  ipvs as linuxIpvs,
  kernel as linuxKernel,
  ksm as linuxKsm,
  lnstat as linuxLnstat,
  load as linuxLoad,
  memory as linuxMemory,
  mountstats as linuxMountstats,
  multipath as linuxMultipath,
  network as linuxNetwork,
  ethtool as linuxEthtool,
  nfs as linuxNfs,
  nfsd as linuxNfsd,
  numa as linuxNuma,
  nvme as linuxNvme,
  paging as linuxPaging,
  pci as linuxPci,
  power as linuxPower,
  pressure as linuxPressure,
  processes as linuxProcesses,
  processor as linuxProcessor,
  protocols as linuxProtocols,
  qdisc as linuxQdisc,
  raid as linuxRaid,
  routes as linuxRoutes,
  scheduler as linuxScheduler,
  sensors as linuxSensors,
  slab as linuxSlab,
  smart as linuxSmart,
  sockets as linuxSockets,
  softirqs as linuxSoftirqs,
  softnet as linuxSoftnet,
  swap as linuxSwap,
  tape as linuxTape,
  thermal as linuxThermal,
  units as linuxUnits,
  usb as linuxUsb,
  users as linuxUsers,
  virtualization as linuxVirtualization,
  volumes as linuxVolumes,
  watchdog as linuxWatchdog,
  wifi as linuxWifi,
  xfrm as linuxXfrm,
  xfs as linuxXfs,
  guests as linuxGuests,
  zfs as linuxZfs,
  zoneinfo as linuxZoneinfo,
};
