import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Why no container can be run here, or null when one can. */
export function runcMissing(): string | null {
  if (process.getuid?.() !== 0) return 'only root runs containers';
  if (!existsSync('/sys/fs/cgroup/memory')) return 'this machine has no v1 memory hierarchy';
  return spawnSync('runc', ['--version']).status === 0 ? null : 'runc is not installed (apt-get install runc)';
}

/** A container of runc. */
export interface RuncContainer {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** Path of its control group, the same in all hierarchies. */
  readonly path: string;
  /** Its first process, as this machine numbers it. */
  readonly pid: number;
  /** Runs a program inside, with the files of this machine in view; gives what it printed. */
  exec(...argv: readonly [string, ...string[]]): string;
  runc(...argv: readonly [string, ...string[]]): string;
  /** What comes before a command line that shall run inside, with these variables in its environment. */
  enter(env: Readonly<Record<string, string>>): readonly string[];
  remove(): void;
}

/** System calls that fail in a container: OCI's names (linux.seccomp.syscalls). */
export interface DeniedCalls {
  readonly names: readonly string[];
  readonly action: 'SCMP_ACT_ERRNO';
  readonly errnoRet?: number;
  readonly args?: readonly { readonly index: number; readonly value: number; readonly op: 'SCMP_CMP_EQ' }[];
}

/** What a container may use: OCI's names (linux.resources). */
export interface RuncResources {
  readonly memory?: { readonly limit: number };
  readonly cpu?: { readonly quota: number; readonly period: number };
  readonly pids?: { readonly limit: number };
}

interface Spec {
  process: { terminal: boolean; args: string[]; rlimits?: unknown; env: string[] };
  root: { path: string; readonly: boolean };
  mounts: { destination: string; type: string; source: string; options: string[] }[];
  linux: { cgroupsPath: string; resources: unknown; seccomp?: unknown };
}

function run(argv: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(argv[0]!, argv.slice(1), {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return stdout;
}

/**
 * Starts a container that sleeps, with its group at `/hecate-PID/<parent>/<id>` in each v1 hierarchy.
 * Inside, this machine's programs are seen read-only, and `more` directories. The `denied` system calls fail there.
 */
export function startContainer(
  parent: string,
  resources: RuncResources,
  more: readonly string[] = [],
  denied: readonly DeniedCalls[] = [],
): RuncContainer {
  const id = Array.from({ length: 64 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  const bundle = mkdtempSync(path.join(tmpdir(), 'hecate-runc-'));
  const root = path.join(bundle, 'rootfs');
  const top = `/hecate-${process.pid}`;
  const group = `${top}/${parent}/${id}`;
  mkdirSync(root);
  run(['runc', 'spec'], bundle);
  const spec = JSON.parse(readFileSync(path.join(bundle, 'config.json'), 'utf8')) as Spec;
  delete spec.process.rlimits;
  spec.process.terminal = false;
  spec.process.args = ['/bin/sleep', '1000000'];
  spec.root.readonly = false;
  spec.linux.cgroupsPath = group;
  spec.linux.resources = { devices: [{ allow: true, access: 'rwm' }], ...resources };
  if (denied.length > 0) spec.linux.seccomp = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: denied };
  const shown = ['/usr', '/bin', '/lib', '/lib64', '/etc', path.resolve(process.execPath, '../..'), ...more];
  for (const directory of shown.filter((name) => existsSync(name)))
    spec.mounts.push({ destination: directory, type: 'bind', source: directory, options: ['rbind', 'ro'] });
  writeFileSync(path.join(bundle, 'config.json'), JSON.stringify(spec));
  const state = path.join(bundle, 'state');
  const runc = (...argv: readonly string[]): string => run(['runc', '--root', state, ...argv], bundle);
  const remove = (): void => {
    spawnSync('runc', ['--root', state, 'delete', '--force', id]);
    for (const controller of ['memory', 'cpu', 'cpuacct', 'cpuset', 'pids', 'blkio', 'devices', 'freezer', 'systemd', 'unified']) {
      for (const directory of [group, `${top}/${parent}`, top]) {
        if (existsSync(`/sys/fs/cgroup/${controller}${directory}`)) rmdirSync(`/sys/fs/cgroup/${controller}${directory}`);
      }
    }
    rmSync(bundle, { recursive: true, force: true });
  };
  try {
    // A detached container keeps the standard streams: none of ours.
    const { status } = spawnSync('runc', ['--root', state, '--log', path.join(bundle, 'log'), 'run', '--detach', id], {
      cwd: bundle,
      stdio: 'ignore',
    });
    if (status !== 0) throw new Error(`runc run: ${readFileSync(path.join(bundle, 'log'), 'utf8')}`);
    const { pid } = JSON.parse(runc('state', id)) as { pid: number };
    const enter = (env: Readonly<Record<string, string>>): string[] => {
      const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
      return ['runc', '--root', state, 'exec', ...variables, id];
    };
    return { id, path: group, pid, exec: (...argv) => runc('exec', id, ...argv), runc: (...argv) => runc(...argv), enter, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
