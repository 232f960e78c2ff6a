import type { Host } from '@hecate/host';
import { mostTellingPath, parseMembership } from '../cgroup/membership.ts';
import { parseCgroupPath } from '../cgroup/owner.ts';
import { isThere } from './look.ts';
import type { Look } from './look.ts';

/** Names that engines give in `container=`, of those that systemd knows. */
const KNOWN = new Set(['lxc', 'lxc-libvirt', 'systemd-nspawn', 'docker', 'podman', 'rkt', 'wsl', 'proot', 'pouch', 'kubernetes']);

const firstLine = (text: string | null): string => text?.split('\n', 1)[0]?.trim() ?? '';

/** The file that an engine leaves in the root of a container. */
function engineFile(host: Host): string | null {
  if (isThere(host, '/run/.containerenv')) return 'podman';
  return isThere(host, '/.dockerenv') ? 'docker' : null;
}

/** `container=` in the environment of process 1, which only its own user and root may read. */
function environment(look: Look): string {
  for (const entry of look('/proc/1/environ')?.split('\0') ?? [])
    if (entry.startsWith('container=')) return entry.slice('container='.length);
  return '';
}

/** The engine in whose control group process 1 is: seen where the container has no cgroup namespace of its own. */
function groupEngine(look: Look): string | null {
  const text = look('/proc/1/cgroup');
  if (text === null || !/^\d+:[^:\n]*:\//m.test(text)) return null;
  const buffer = Buffer.from(text);
  const runtime = parseCgroupPath(mostTellingPath(parseMembership({ buffer, length: buffer.length }))).container?.runtime;
  return runtime === undefined ? null : runtime === 'unknown' ? 'container-other' : runtime;
}

/**
 * The container that a machine is, or null: the rules and the order of systemd-detect-virt(1) --container, and as a last
 * resort, which it has not, the control group of process 1.
 */
export function detectContainer(host: Host, look: Look): string | null {
  if (isThere(host, '/proc/vz') && !isThere(host, '/proc/bc')) return 'openvz';
  if (/Microsoft|WSL/.test(look('/proc/sys/kernel/osrelease') ?? '')) return 'wsl';
  const said = firstLine(look('/run/host/container-manager')) || firstLine(look('/run/systemd/container')) || environment(look);
  if (said === 'oci') return engineFile(host) ?? 'container-other';
  if (said !== '') return KNOWN.has(said) ? said : 'container-other';
  return engineFile(host) ?? groupEngine(look);
}
