import { parseSystemdPath } from './systemd-path.ts';

/** What runs a container, as far as the name of its control group tells; `unknown` where only an id is there. */
export type ContainerRuntime =
  | 'docker'
  | 'podman'
  | 'containerd'
  | 'crio'
  | 'kubernetes'
  | 'lxc'
  | 'systemd-nspawn'
  | 'libvirt-lxc'
  | 'runc'
  | 'crun'
  | 'ecs'
  | 'unknown';

/** A container as the path of a control group names it. */
export interface CgroupContainer {
  /** 64 hexadecimal digits where the runtime gives such ids; the name of the container for lxc and systemd-nspawn. */
  readonly id: string;
  readonly runtime: ContainerRuntime;
}

/** Whom the processes of a control group belong to. */
export interface CgroupOwner {
  /** The unit of the system's service manager: `ssh.service`, `session-3.scope`, `user@1000.service`; null outside of units. */
  readonly unit: string | null;
  /** The innermost slice of the system's service manager; null directly below the root. */
  readonly slice: string | null;
  /** The unit of a user's own service manager: `app-firefox.scope`. */
  readonly userUnit: string | null;
  /** The login session: `3` of `session-3.scope`. */
  readonly session: string | null;
  /** The user whose slice it is: 1000 of `user-1000.slice`. */
  readonly uid: number | null;
  /** The innermost container; null outside of containers. */
  readonly container: CgroupContainer | null;
  /** The Kubernetes pod, as its uid is written in the API; a podman pod by its id. */
  readonly pod: string | null;
  /** The virtual machine that libvirt runs there: its name. */
  readonly guest: string | null;
}

/** Names that engines put before an id: `docker-ID.scope`, `cri-containerd-ID.scope`, `libpod-ID`. */
const ENGINES: Readonly<Record<string, ContainerRuntime>> = {
  docker: 'docker',
  libpod: 'podman',
  'libpod-payload': 'podman',
  'cri-containerd': 'containerd',
  containerd: 'containerd',
  nerdctl: 'containerd',
  crio: 'crio',
  runc: 'runc',
  crun: 'crun',
};

/** `ID`, `docker-ID.scope`, `kubepods-podUID.slice:cri-containerd:ID`. */
const ID_NAME = /^(?:(.*)[-:])?([\da-f]{64})(?:\.scope)?$/;

/** A pod's directory: `podUID`, `kubepods-burstable-podUID.slice`; dashes of the uid become `_` in names of slices. */
const POD_NAME = /^(?:.*-)?pod([\da-f]{8}(?:[-_][\da-f]{4}){3}[-_][\da-f]{12}|[\da-f]{32})(?:\.slice)?(?::|$)/;

/** A pod of podman: `machine-libpod_pod_ID.slice`, or the bare id below `libpod_parent`. */
const PODMAN_POD = /libpod_pod_([\da-f]{64})(?:\.slice)?$/;

/** Undoes the escapes in names of units: `\x2d` is a dash. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([\da-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The container that one directory is, with the directories around it. */
function containerOf(name: string, parent: string | undefined, pod: string | null): CgroupContainer | null {
  const [, prefix, id] = ID_NAME.exec(name) ?? [];
  if (id !== undefined) {
    if (prefix === undefined) {
      // Directly below libpod_parent lies a pod.
      if (parent === 'libpod_parent') return null;
      if (parent === 'docker' || parent === 'actions_job') return { id, runtime: 'docker' };
      return { id, runtime: pod !== null ? 'kubernetes' : 'unknown' };
    }
    // The monitor of a container (libpod-conmon-ID, crio-conmon-ID) is not inside it.
    if (prefix.endsWith('conmon')) return null;
    const engine = prefix.slice(prefix.lastIndexOf(':') + 1);
    return { id, runtime: ENGINES[engine] ?? 'unknown' };
  }
  if (name.startsWith('lxc.payload.')) return { id: name.slice('lxc.payload.'.length), runtime: 'lxc' };
  if (parent === 'lxc' || parent === 'lxc.payload') return { id: name, runtime: 'lxc' };
  // Fargate: the id of the task and a number.
  if (/^[\da-f]{32}-\d+$/.test(name)) return { id: name, runtime: 'ecs' };
  return machineOf(name, parent)?.container ?? null;
}

/** What systemd-machined and libvirt register below machine.slice, or libvirt alone below /machine. */
function machineOf(name: string, parent: string | undefined): { container: CgroupContainer | null; guest: string | null } | null {
  const spawned = /^systemd-nspawn@(.+)\.service$/.exec(name)?.[1];
  if (spawned !== undefined) return { container: { id: unescapeUnit(spawned), runtime: 'systemd-nspawn' }, guest: null };
  const scope = parent === 'machine.slice' ? /^machine-(.+)\.scope$/.exec(name)?.[1] : undefined;
  const plain = /^(.+)\.libvirt-(?:qemu|lxc)$/.exec(name)?.[1];
  const machine = scope ?? plain;
  if (machine === undefined) return null;
  const text = unescapeUnit(machine);
  // libvirt puts driver and number before the name: `qemu-1-web`.
  const [, driver, named] = /^(qemu|lxc)-\d+-(.+)$/.exec(text) ?? [];
  if (driver === 'qemu' || (plain !== undefined && name.endsWith('-qemu'))) return { container: null, guest: named ?? text };
  if (driver === 'lxc' || plain !== undefined) return { container: { id: named ?? text, runtime: 'libvirt-lxc' }, guest: null };
  return { container: { id: text, runtime: 'systemd-nspawn' }, guest: null };
}

/** The directories of a path. A namespace shows what lies outside of it with `..`; a removed group has ` (deleted)` after it. */
export function splitCgroupPath(path: string): string[] {
  const whole = path.endsWith(' (deleted)') ? path.slice(0, -' (deleted)'.length) : path;
  return whole.split('/').filter((name) => name !== '' && name !== '.' && name !== '..');
}

/**
 * Says by its path alone whom a control group belongs to: any layout of systemd, docker, podman, containerd, CRI-O,
 * Kubernetes, lxc, systemd-nspawn and libvirt, with either cgroup driver, on v1 and v2. Of nested containers the innermost counts.
 * Never throws: a path that says nothing gives nulls.
 */
export function parseCgroupPath(path: string): CgroupOwner {
  const names = splitCgroupPath(path);
  let container: CgroupContainer | null = null;
  let pod: string | null = null;
  let guest: string | null = null;
  for (const [index, name] of names.entries()) {
    const parent = names[index - 1];
    const uid = POD_NAME.exec(name)?.[1];
    if (uid !== undefined) pod = uid.replaceAll('_', '-');
    else pod = PODMAN_POD.exec(name)?.[1] ?? (parent === 'libpod_parent' && /^[\da-f]{64}$/.test(name) ? name : pod);
    const found = containerOf(name, parent, pod);
    if (found) container = found;
    guest = machineOf(name, parent)?.guest ?? guest;
  }
  return { ...parseSystemdPath(names), container, pod, guest };
}
