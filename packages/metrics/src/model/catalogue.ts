import type { CollectorName } from './snapshot.ts';

/** What collectors are about, in the order of the documentation. */
export const SUBJECTS = ['processor', 'memory', 'storage', 'network', 'sensors and power', 'processes and containers', 'system'] as const;

/** One of {@link SUBJECTS}. */
export type Subject = (typeof SUBJECTS)[number];

/** What a collector reads, on every platform that has it. */
export interface CatalogueEntry {
  readonly subject: Subject;
  /** One sentence, without its end. */
  readonly summary: string;
}

/** Every collector by its name, for documentation and for people who choose. */
export const CATALOGUE: { readonly [Name in CollectorName]: CatalogueEntry } = {
  host: { subject: 'system', summary: 'Name, operating system, kernel and uptime' },
  cpu: { subject: 'processor', summary: 'Time of each CPU by mode, context switches, interrupts, new processes' },
  load: { subject: 'processor', summary: 'Load averages and how many threads there are' },
  pressure: { subject: 'system', summary: 'How long tasks waited for CPU, memory, I/O and interrupts (PSI)' },
  memory: { subject: 'memory', summary: 'Memory and swap in use, available, in caches' },
  interrupts: { subject: 'processor', summary: 'Interrupts by source and CPU' },
  softirqs: { subject: 'processor', summary: 'Soft interrupts by kind and CPU' },
  scheduler: { subject: 'processor', summary: 'Time that tasks ran on each CPU, and waited for it' },
  processor: { subject: 'processor', summary: 'Model, topology, kinds of cores, caches, abilities and vulnerabilities' },
  frequency: { subject: 'processor', summary: 'Frequencies, their limits and governors, throttling by heat' },
  kernel: { subject: 'system', summary: 'Open files, entropy, taints and other figures of the kernel' },
  paging: { subject: 'memory', summary: 'Page faults, swapping, reclaim, compaction, kills for lack of memory' },
  numa: { subject: 'memory', summary: 'Memory, CPUs and allocations of each NUMA node' },
  hugepages: { subject: 'memory', summary: 'Pools of huge pages, transparent huge pages' },
  swap: { subject: 'memory', summary: 'Swap areas, zswap, zram' },
  ksm: { subject: 'memory', summary: 'Merging of pages with the same content' },
  edac: { subject: 'memory', summary: 'Memory errors that were corrected, and that were not' },
  buddyinfo: { subject: 'memory', summary: 'Free blocks by size: how fragmented memory is' },
  zoneinfo: { subject: 'memory', summary: 'Figures of each memory zone' },
  slab: { subject: 'memory', summary: 'Caches of kernel objects' },
  disk: { subject: 'storage', summary: 'Requests, bytes and times of each block device' },
  block: { subject: 'storage', summary: 'What each block device is: size, model, content, scheduler, partitions' },
  filesystem: { subject: 'storage', summary: 'Space and inodes of each mounted file system' },
  raid: { subject: 'storage', summary: 'Software RAID: state, components, progress of a rebuild' },
  nvme: { subject: 'storage', summary: 'NVMe controllers and their namespaces' },
  zfs: { subject: 'storage', summary: 'Cache, pools and data sets of ZFS' },
  btrfs: { subject: 'storage', summary: 'Space, devices and errors of Btrfs' },
  xfs: { subject: 'storage', summary: 'Counters of XFS' },
  bcache: { subject: 'storage', summary: 'Caches in front of disks (bcache)' },
  bcachefs: { subject: 'storage', summary: 'Devices, counters and errors of bcachefs' },
  volumes: { subject: 'storage', summary: 'Device mapper: logical volumes, encryption, snapshots' },
  multipath: { subject: 'storage', summary: 'Disks that are reached over several paths' },
  drbd: { subject: 'storage', summary: 'Disks that are mirrored over the network (DRBD)' },
  tape: { subject: 'storage', summary: 'Tape drives' },
  fibrechannel: { subject: 'storage', summary: 'Fibre Channel adapters' },
  infiniband: { subject: 'network', summary: 'InfiniBand ports' },
  nfs: { subject: 'storage', summary: 'Calls of the NFS client' },
  nfsd: { subject: 'storage', summary: 'Calls and threads of the NFS server' },
  mountstats: { subject: 'storage', summary: 'Each NFS mount: transports, operations, times' },
  smart: { subject: 'storage', summary: 'Health of disks as they tell it themselves (SMART)' },
  network: { subject: 'network', summary: 'Bytes, packets, errors and drops of each interface' },
  interface: { subject: 'network', summary: 'State, speed and addresses of each interface' },
  protocols: { subject: 'network', summary: 'Counters of IP, TCP, UDP and ICMP' },
  sockets: { subject: 'network', summary: 'How many sockets are in use, and what waits in them' },
  routes: { subject: 'network', summary: 'Default routes' },
  conntrack: { subject: 'network', summary: 'Connections that the firewall tracks' },
  softnet: { subject: 'network', summary: 'Packets that each CPU took from the network, and dropped' },
  arp: { subject: 'network', summary: 'Neighbours that are known by interface' },
  qdisc: { subject: 'network', summary: 'Queues that packets wait in before they are sent' },
  bonding: { subject: 'network', summary: 'Interfaces that are joined into one' },
  lnstat: { subject: 'network', summary: 'Caches of the network stack' },
  ipvs: { subject: 'network', summary: 'Load balancing in the kernel' },
  xfrm: { subject: 'network', summary: 'Errors of IPsec' },
  connections: { subject: 'network', summary: 'Every connection with its state and who owns it' },
  sensors: { subject: 'sensors and power', summary: 'Temperatures, fans, voltages, currents and power (hwmon)' },
  thermal: { subject: 'sensors and power', summary: 'Thermal zones, their trip points, what cools' },
  energy: { subject: 'sensors and power', summary: 'Energy that the processor took, limits of its power (RAPL)' },
  power: { subject: 'sensors and power', summary: 'Batteries and power supplies' },
  gpu: { subject: 'processor', summary: 'GPUs: how busy, memory, clock, power, temperature' },
  gpuprocesses: { subject: 'processes and containers', summary: 'What each process uses of the GPUs' },
  dmi: { subject: 'system', summary: 'Maker, model and firmware of the machine' },
  clock: { subject: 'system', summary: 'Whether the clock is right, and what it counts with' },
  pci: { subject: 'system', summary: 'PCI devices: identity, driver, link' },
  usb: { subject: 'system', summary: 'USB devices: identity, speed, power' },
  watchdog: { subject: 'system', summary: 'Watchdog timers' },
  wifi: { subject: 'network', summary: 'Wireless interfaces: network, signal, speed' },
  ethtool: { subject: 'network', summary: 'Driver, firmware and own counters of each network card' },
  cgroup: { subject: 'processes and containers', summary: 'What this program is granted and uses: limits, throttling, kills' },
  containers: { subject: 'processes and containers', summary: 'What each container uses' },
  units: { subject: 'processes and containers', summary: 'Units of systemd: state and what they use' },
  users: { subject: 'processes and containers', summary: 'Who is logged in' },
  virtualization: { subject: 'system', summary: 'Whether this is a virtual machine or a container' },
  guests: { subject: 'processes and containers', summary: 'Virtual machines that run here' },
  processes: { subject: 'processes and containers', summary: 'Every process, and groups of processes' },
};
