import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { containerGroups } from '../domain/container-fields.ts';
import type { ContainerInterface, ContainerReading } from '../domain/containers.ts';
import type { Collector, Reader, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { memoryTotal } from './cgroup.ts';
import { openBoundedFiles } from './cgroup/bounded-files.ts';
import { NO_NAMES, readContainerNames } from './cgroup/engine-files.ts';
import type { ContainerNames } from './cgroup/engine-files.ts';
import { openCgroupFiles } from './cgroup/files.ts';
import { openDeviceFilter, readCgroupIo } from './cgroup/io.ts';
import { firstMember, networkNamespace, readBootTime, readInterfaces, readStartTime } from './cgroup/member.ts';
import { isUnifiedAlone, readCgroupMounts } from './cgroup/mounts.ts';
import type { CgroupMount, CgroupMounts } from './cgroup/mounts.ts';
import { placeOf } from './cgroup/place.ts';
import type { CgroupPlace } from './cgroup/place.ts';
import { readCgroupPressure } from './cgroup/pressure.ts';
import { cgroupTreeOf } from './cgroup/tree.ts';
import type { CgroupNode } from './cgroup/tree.ts';

/** Containers that are read, at most. */
const MOST_CONTAINERS = 200;
/** Descriptors kept on files of containers. */
const MOST_KEPT = 64;
/** Limits and names hardly change: they are read at first sight and every so many reads. */
const SETTINGS_EVERY = 6;

/** What hardly changes. */
interface Settings {
  readonly names: ContainerNames;
  readonly memoryLimit: number | null;
  readonly cpuLimit: number | null;
  readonly pidsLimit: number | null;
}

/** What is remembered of a container between two reads. */
interface Known {
  readonly id: string;
  readonly place: CgroupPlace;
  settings: Settings;
  readSettings: number;
  /** A process of it, looked for again when it is gone. */
  pid: number | null;
  /** When that process started, seconds since boot. */
  pidStart: number | null;
  startTime: number | null;
  seen: number;
}

/** The hierarchy whose directories are looked through: engines make them in all, and those of v1 count more than a v2 tree beside them. */
export function searchedMount(mounts: CgroupMounts): CgroupMount | null {
  if (isUnifiedAlone(mounts)) return mounts.unified;
  const { controllers } = mounts;
  return controllers['memory'] ?? controllers['cpuacct'] ?? controllers['cpu'] ?? controllers['pids'] ?? mounts.unified;
}

/** Whether a group is the outermost directory of a container, not one that the container made inside. */
export function isContainer(node: CgroupNode): boolean {
  const { container } = node.owner;
  return container !== null && node.parent?.owner.container?.id !== container.id;
}

function openReader(host: Host): Reader<readonly ContainerReading[]> {
  const kept = openBoundedFiles(host, MOST_KEPT);
  const files = openCgroupFiles(kept);
  const counts = openDeviceFilter(host);
  const known = new Map<string, Known>();
  let mounts: CgroupMounts | undefined;
  let total = Infinity;
  let boot: number | null = null;
  let round = 0;
  /** Containers whose network this user may not look at. */
  let denied = 0;

  const readSettings = (node: CgroupNode, place: CgroupPlace): Settings => {
    const isV2 = place.controllers === null;
    const directory = (controller: 'memory' | 'cpu' | 'pids'): string | null => (isV2 ? place.unified : place.controllers[controller]);
    const memory = directory('memory');
    const cpu = directory('cpu');
    return {
      names: node.owner.container ? readContainerNames(host, node.owner.container) : NO_NAMES,
      memoryLimit: memory === null ? null : files.memoryLimit(memory, isV2, total),
      cpuLimit: cpu === null ? null : files.cpuLimit(cpu, isV2),
      pidsLimit: files.number(directory('pids'), 'pids.max'),
    };
  };

  const recall = (node: CgroupNode): Known => {
    const found = known.get(node.relative);
    if (found && found.id === node.owner.container!.id && found.readSettings + SETTINGS_EVERY > round) return found;
    const place = found?.place ?? placeOf(mounts!, node.relative);
    const settings = readSettings(node, place);
    const isSame = found?.id === node.owner.container!.id;
    const { pid, pidStart, startTime } = isSame ? found : { pid: null, pidStart: null, startTime: null };
    const made: Known = { id: node.owner.container!.id, place, settings, readSettings: round, pid, pidStart, startTime, seen: round };
    known.set(node.relative, made);
    return made;
  };

  /** A process of the container: of its own group, or of the first group below that has one. */
  const member = (index: number, nodes: readonly CgroupNode[], mount: CgroupMount): number | null => {
    const top = nodes[index]!;
    for (let at = index; at < nodes.length; at++) {
      const { relative } = nodes[at]!;
      if (at > index && !relative.startsWith(`${top.relative}/`)) break;
      try {
        const pid = firstMember(host, mount.mountpoint + relative);
        if (pid !== null) return pid;
      } catch (error) {
        // A group that is gone, or a threaded one, which lists none.
        if (errnoOf(error) === undefined) throw error;
      }
    }
    return null;
  };

  /** Its interfaces, unless they are those of the machine or of a container that had its turn. */
  const network = (container: Known, taken: Set<string>): readonly ContainerInterface[] | null => {
    if (container.pid === null) return null;
    const namespace = networkNamespace(host, container.pid, () => denied++);
    if (namespace === null || taken.has(namespace)) return null;
    taken.add(namespace);
    return readInterfaces(host, container.pid);
  };

  const readContainer = (node: CgroupNode, container: Known, taken: Set<string>): ContainerReading => {
    const { place, settings } = container;
    const { names } = settings;
    const { id, runtime } = node.owner.container!;
    const cpu = files.cpu(place);
    const memory = files.memory(place);
    const { limitHits, oomKills } = files.memoryEvents(place);
    const io = readCgroupIo(files, place, counts);
    return {
      id,
      name: names.name ?? id,
      runtime,
      image: names.image,
      pod: node.owner.pod,
      podName: names.podName,
      namespace: names.namespace,
      containerName: names.containerName,
      path: node.path,
      startTime: container.startTime,
      frozen: files.frozen(place),
      cpuUsage: cpu.usage,
      cpuUser: cpu.user,
      cpuSystem: cpu.system,
      periods: cpu.periods,
      throttledPeriods: cpu.throttledPeriods,
      throttledTime: cpu.throttledTime,
      cpuLimit: settings.cpuLimit,
      memoryUsage: memory.usage,
      workingSet: memory.workingSet,
      rss: memory.rss,
      cache: memory.cache,
      mapped: memory.mapped,
      swap: memory.swap,
      memoryLimit: settings.memoryLimit,
      limitHits,
      oomKills,
      pids: files.pids(place),
      pidsLimit: settings.pidsLimit,
      readBytes: io && io.readBytes,
      writeBytes: io && io.writeBytes,
      reads: io && io.reads,
      writes: io && io.writes,
      network: network(container, taken),
      pressure: readCgroupPressure(files, place),
    };
  };

  /** Finds a process when there is none yet or the last one ended; its number may belong to another one by now. */
  const meet = (container: Known, find: () => number | null): void => {
    if (container.pid !== null && readStartTime(host, container.pid) === container.pidStart) return;
    container.pid = find();
    container.pidStart = container.pid === null ? null : readStartTime(host, container.pid);
    if (boot !== null && container.pidStart !== null) container.startTime ??= boot + container.pidStart;
  };

  const prepare = (): CgroupMount => {
    mounts ??= readCgroupMounts(host);
    const mount = searchedMount(mounts);
    if (!mount) throw new HecateError('UNAVAILABLE', 'No control groups are mounted.');
    if (round === 0) {
      total = memoryTotal(host);
      boot = readBootTime(host);
    }
    return mount;
  };

  function* read(gaps: GapSink): Sliced<readonly ContainerReading[]> {
    const mount = prepare();
    round++;
    const tree = cgroupTreeOf(host, mount);
    const nodes = yield* tree.scan();
    const rows: ContainerReading[] = [];
    // The machine's own network is no container's.
    const taken = new Set<string>([networkNamespace(host, 1), networkNamespace(host, 'self')].filter((name) => name !== null));
    let left = 0;
    denied = 0;
    for (const [index, node] of nodes.entries()) {
      if (!isContainer(node)) continue;
      if (rows.length >= MOST_CONTAINERS) {
        left++;
        continue;
      }
      try {
        const container = recall(node);
        container.seen = round;
        meet(container, () => member(index, nodes, mount));
        const row = readContainer(node, container, taken);
        // Gone between the scan and now: all of its files are.
        if (row.cpuUsage === null && row.memoryUsage === null && row.pids === null) tree.doubt();
        else rows.push(row);
      } catch (error) {
        gaps.addError(`containers.${node.owner.container!.id}`, error);
      }
      yield;
    }
    if (denied > 0) gaps.add('containers.network', 'permission', `This user may not look at the network of ${denied} containers.`);
    if (host.kind === 'real' && process.getuid?.() !== 0 && rows.some(({ id, name, image }) => id === name && image === null))
      gaps.add('containers.image', 'permission', 'The files in which engines keep names and images are for root.');
    if (left > 0) gaps.add('containers', 'unsupported', `There are ${left} more containers; the first ${MOST_CONTAINERS} are read.`);
    for (const [relative, { seen }] of known) if (seen !== round) known.delete(relative);
    kept.sweep();
    return rows;
  }

  return { read, close: () => kept.close() };
}

/** Containers of any engine, by their control groups; no daemon is asked. */
export const containers: Collector<'containers', readonly ContainerReading[]> = {
  name: 'containers',
  lane: 'slow',
  sources: ['/sys/fs/cgroup', '/proc/PID/net/dev', '/var/lib/docker/containers', '/var/lib/containers/storage', '/run/containerd'],
  permission: 'Everyone, but the names that docker keeps only root.',
  remedy: 'Run as root to see the names, images and networks of containers; in a container, mount the cgroup tree of the machine.',
  groups: containerGroups,
  open: openReader,
};
