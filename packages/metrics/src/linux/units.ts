import { setImmediate as pause } from 'node:timers/promises';
import type { Host } from '@hecate/host';
import { unitGroups } from '../domain/units.ts';
import type { UnitReading, UnitsReading } from '../domain/units.ts';
import type { Collector, Reader, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { openBoundedFiles } from './cgroup/bounded-files.ts';
import type { BoundedFiles } from './cgroup/bounded-files.ts';
import { openCgroupFiles } from './cgroup/files.ts';
import { isUnifiedAlone, readCgroupMounts } from './cgroup/mounts.ts';
import type { CgroupMount, CgroupMounts } from './cgroup/mounts.ts';
import { placeOf } from './cgroup/place.ts';
import { cgroupTreeOf } from './cgroup/tree.ts';
import type { CgroupNode } from './cgroup/tree.ts';
import { NO_DETAILS } from './dbus/details.ts';
import type { UnitDetails } from './dbus/details.ts';
import { openManager } from './dbus/manager.ts';
import type { Manager, ManagerState } from './dbus/manager.ts';
import type { ListedUnit } from './dbus/systemd.ts';

/** Descriptors kept on files of units. */
const MOST_KEPT = 64;
/** Milliseconds of work before others get their turn. */
const SLICE = 2;

/** The hierarchy in which systemd makes a group for every unit; the others have those that are accounted. */
function systemdMount(mounts: CgroupMounts): CgroupMount | null {
  return isUnifiedAlone(mounts) ? mounts.unified : (mounts.controllers['name=systemd'] ?? mounts.unified);
}

/** The unit whose own directory a group is: not one that the unit made inside. Slices count. */
export function unitOfNode({ owner, parent }: CgroupNode): string | null {
  if (owner.unit !== null) return parent?.owner.unit === owner.unit ? null : owner.unit;
  return owner.slice !== null && parent?.owner.slice !== owner.slice ? owner.slice : null;
}

/** The figures of the control groups of units, by name. */
type Used = Map<string, Pick<UnitReading, 'path' | 'cpuUsage' | 'memoryUsage' | 'workingSet' | 'oomKills' | 'tasks'>>;

const UNUSED = { path: null, cpuUsage: null, memoryUsage: null, workingSet: null, oomKills: null, tasks: null };
const UNSAID = { load: null, active: null, sub: null, ...NO_DETAILS };

/** Reads the groups of units. */
function createGroupReader(host: Host, kept: BoundedFiles): () => Sliced<Used> {
  const files = openCgroupFiles(kept);
  let mounts: CgroupMounts | undefined;
  return function* read() {
    mounts ??= readCgroupMounts(host);
    const mount = systemdMount(mounts);
    const used: Used = new Map();
    if (!mount) return used;
    for (const node of yield* cgroupTreeOf(host, mount).scan()) {
      const name = unitOfNode(node);
      if (name === null || used.has(name)) continue;
      const place = placeOf(mounts, node.relative);
      const memory = files.memory(place, false);
      used.set(name, {
        path: node.path,
        cpuUsage: files.cpu(place).usage,
        memoryUsage: memory.usage,
        workingSet: memory.workingSet,
        oomKills: files.memoryEvents(place).oomKills,
        tasks: files.pids(place),
      });
      yield;
    }
    kept.sweep();
    return used;
  };
}

/** Drives a sliced read and gives way meanwhile. */
async function drive<Value>(read: Sliced<Value>): Promise<Value> {
  let start = performance.now();
  for (;;) {
    const step = read.next();
    if (step.done) return step.value;
    if (performance.now() - start < SLICE) continue;
    await pause();
    start = performance.now();
  }
}

/** One row a unit that systemd lists or that has a group. A unit without a group whose state did not change keeps its row. */
function createJoin(): (state: ManagerState | null, used: Used) => UnitReading[] {
  let rows = new Map<ListedUnit, { readonly row: UnitReading; readonly details: UnitDetails }>();
  return (state, used) => {
    const units: UnitReading[] = [];
    const next: typeof rows = new Map();
    const listed = new Set<string>();
    for (const unit of state?.units ?? []) {
      const { name, load, active, sub } = unit;
      const figures = used.get(name);
      const details = state?.details.get(name) ?? NO_DETAILS;
      const last = figures ? undefined : rows.get(unit);
      const row = last?.details === details ? last.row : { name, load, active, sub, ...details, ...(figures ?? UNUSED) };
      if (!figures) next.set(unit, { row, details });
      listed.add(name);
      units.push(row);
    }
    for (const [name, figures] of used) if (!listed.has(name)) units.push({ name, ...UNSAID, ...figures });
    rows = next;
    return units;
  };
}

/** Reads units; `manager` is systemd itself, or null where it cannot be asked: a machine that is only files. */
export function openUnits(host: Host, manager: Manager | null): Reader<UnitsReading> {
  const kept = openBoundedFiles(host, MOST_KEPT);
  const readGroups = createGroupReader(host, kept);
  const join = createJoin();

  const groups = async (gaps: GapSink): Promise<Used> => {
    try {
      return await drive(readGroups());
    } catch (error) {
      gaps.addError('units.cpuUsage', error);
      return new Map();
    }
  };

  const ask = async (gaps: GapSink): Promise<{ state: ManagerState | null; isSilent: boolean }> => {
    try {
      return { state: manager && (await manager.ask()), isSilent: false };
    } catch (error) {
      gaps.addError('units.active', error);
      return { state: null, isSilent: true };
    }
  };

  return {
    async read(gaps) {
      const used = await groups(gaps);
      const { state, isSilent } = await ask(gaps);
      const units = join(state, used);
      if (!state && !isSilent) {
        if (units.length === 0) gaps.add('units', 'absent', 'systemd does not run here.');
        else gaps.add('units.active', 'absent', 'systemd cannot be asked here: none of its sockets is there.');
      }
      return { systemState: state?.systemState ?? null, version: state?.version ?? null, units };
    },
    close() {
      manager?.close();
      kept.close();
    },
  };
}

/** The units of systemd: their states, and what they use. */
export const units: Collector<'units', UnitsReading> = {
  name: 'units',
  lane: 'slow',
  asynchronous: true,
  sources: ['/run/dbus/system_bus_socket', '/run/systemd/private', '/sys/fs/cgroup'],
  remedy: 'Where systemd runs, let this program reach the system bus; what units use is read from their control groups.',
  groups: unitGroups,
  open: (host) => openUnits(host, host.kind === 'real' ? openManager() : null),
};
