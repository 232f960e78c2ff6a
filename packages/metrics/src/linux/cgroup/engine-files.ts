import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { CgroupContainer } from './owner.ts';

/** What the files of an engine say about a container. Null: they do not, or may not be read. */
export interface ContainerNames {
  readonly name: string | null;
  readonly image: string | null;
  readonly podName: string | null;
  readonly namespace: string | null;
  readonly containerName: string | null;
}

/** Of a container whose engine left no file that we may read. */
export const NO_NAMES: ContainerNames = { name: null, image: null, podName: null, namespace: null, containerName: null };

/** Files larger than this are not what we look for. */
const MOST_BYTES = 4 << 20;

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

/** The first of these that is a text; long ones are cut. */
const firstText = (...values: readonly unknown[]): string | null => {
  for (const value of values) if (typeof value === 'string' && value !== '') return value.slice(0, 256);
  return null;
};

/** A JSON file; undefined when it is not there, may not be read, or is none. */
function readJson(host: Host, path: string): unknown {
  try {
    const { buffer, length } = host.read(path);
    return length > MOST_BYTES ? undefined : (JSON.parse(buffer.toString('utf8', 0, length)) as unknown);
  } catch (error) {
    // A file that is being written is read again later.
    if (errnoOf(error) === undefined && !(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** config.v2.json of docker: `Name` begins with a slash. Labels are those that Kubernetes gave when docker was below it. */
function dockerNames(host: Host, id: string): ContainerNames | null {
  const config = readJson(host, `/var/lib/docker/containers/${id}/config.v2.json`);
  if (config === undefined) return null;
  const settings = property(config, 'Config');
  return {
    ...labelNames(property(settings, 'Labels')),
    name: firstText(property(config, 'Name'))?.replace(/^\//, '') ?? null,
    image: firstText(property(settings, 'Image')),
  };
}

/** Names that Kubernetes hands to engines as labels or annotations: its own, containerd's, CRI-O's and nerdctl's. */
function labelNames(labels: unknown): ContainerNames {
  const text = (...keys: readonly string[]): string | null => firstText(...keys.map((key) => property(labels, key)));
  return {
    name: text('nerdctl/name', 'io.kubernetes.cri-o.Name'),
    image: text('io.kubernetes.cri.image-name', 'io.kubernetes.cri-o.ImageName', 'io.container.image.name'),
    podName: text('io.kubernetes.pod.name', 'io.kubernetes.cri.sandbox-name'),
    namespace: text('io.kubernetes.pod.namespace', 'io.kubernetes.cri.sandbox-namespace'),
    containerName: text('io.kubernetes.container.name', 'io.kubernetes.cri.container-name'),
  };
}

/** The bundle of a container of containerd: config.json of the OCI runtime, with annotations. */
function containerdNames(host: Host, id: string): ContainerNames | null {
  for (const namespace of ['k8s.io', 'default', 'moby']) {
    const config = readJson(host, `/run/containerd/io.containerd.runtime.v2.task/${namespace}/${id}/config.json`);
    if (config !== undefined) return labelNames(property(config, 'annotations'));
  }
  return null;
}

/** Drivers of containers/storage, which podman and CRI-O share. */
const DRIVERS = ['overlay', 'vfs', 'btrfs', 'zfs'];

/** containers.json of containers/storage: `[{id, names, metadata}]`; `metadata` is JSON in a text. */
function storageNames(host: Host, id: string): ContainerNames | null {
  for (const driver of DRIVERS) {
    const list = readJson(host, `/var/lib/containers/storage/${driver}-containers/containers.json`);
    if (!Array.isArray(list)) continue;
    const found = (list as readonly unknown[]).find((entry) => property(entry, 'id') === id);
    if (found === undefined) continue;
    const config = readJson(host, `/var/lib/containers/storage/${driver}-containers/${id}/userdata/config.json`);
    const labels = labelNames(property(config, 'annotations'));
    const names = property(found, 'names');
    const metadata = parseMetadata(property(found, 'metadata'));
    return {
      ...labels,
      name: firstText(Array.isArray(names) ? names[0] : undefined, property(metadata, 'name'), labels.name),
      image: firstText(property(metadata, 'image-name'), labels.image),
    };
  }
  return null;
}

function parseMetadata(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/**
 * What the files of the engine say about a container; never asks a daemon. Most of these files are root's, and then there are
 * no names for others.
 */
export function readContainerNames(host: Host, { id, runtime }: CgroupContainer): ContainerNames {
  if (!/^[\da-f]{64}$/.test(id)) return { ...NO_NAMES, name: id };
  switch (runtime) {
    case 'docker':
    case 'ecs':
      return dockerNames(host, id) ?? NO_NAMES;
    case 'podman':
    case 'crio':
      return storageNames(host, id) ?? NO_NAMES;
    case 'containerd':
      return containerdNames(host, id) ?? NO_NAMES;
    default:
      return dockerNames(host, id) ?? containerdNames(host, id) ?? storageNames(host, id) ?? NO_NAMES;
  }
}
