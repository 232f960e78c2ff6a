import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runcMissing, startContainer } from '../packages/metrics/src/linux/cgroup/runc.testing.ts';
import type { DeniedCalls } from '../packages/metrics/src/linux/cgroup/runc.testing.ts';
import { HECATE, temporary } from './cli.testing.ts';
import { root } from './source-tree.testing.ts';

/** Debian's user that owns nothing. */
const NOBODY = 65_534;
/** A user that no list of users has, as containers often run as one. */
const NAMELESS = 54_321;
const isRoot = process.getuid?.() === 0;
const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
/** A new namespace of some kind: whoever is not root gets a namespace of users with it, where that is allowed. */
const unshare = (...kinds: readonly string[]): string[] => ['unshare', ...(isRoot ? [] : ['--map-root-user']), ...kinds];
/** A command line, after these commands have changed what it sees of the file system. */
const mounted = (...commands: readonly string[]): string[] => [
  ...unshare('--mount', '--propagation', 'private'),
  ...['sh', '-c', [...commands, 'exec "$@"'].join(' && '), 'sh'],
];

/** What container runtimes hide of a machine: empty directories, and files that are /dev/null (moby's and runc's lists). */
const HIDDEN_DIRECTORIES = ['/proc/sys', '/proc/acpi', '/proc/scsi', '/proc/asound', '/sys/firmware', '/sys/devices/virtual/powercap'];
const HIDDEN_FILES = [
  'kcore',
  'keys',
  'latency_stats',
  'timer_list',
  'sched_debug',
  'interrupts',
  'slabinfo',
  'kpagecount',
  'pagetypeinfo',
];
const hide = [
  ...HIDDEN_DIRECTORIES.map((path) => `if [ -d ${path} ]; then mount -t tmpfs -o ro none ${path}; fi`),
  ...HIDDEN_FILES.map((name) => `if [ -e /proc/${name} ]; then mount --bind /dev/null /proc/${name}; fi`),
];

/** System calls that sandboxes refuse; sockets of AF_NETLINK as RestrictAddressFamilies of systemd refuses them (EAFNOSUPPORT). */
const DENIED: readonly DeniedCalls[] = [
  { names: ['bpf', 'perf_event_open', 'pidfd_open', 'ptrace', 'syslog', 'setns', 'unshare', 'mount', 'umount2'], action: 'SCMP_ACT_ERRNO' },
  { names: ['socket'], action: 'SCMP_ACT_ERRNO', errnoRet: 97, args: [{ index: 0, value: 16, op: 'SCMP_CMP_EQ' }] },
];

/** A place that programs run in. */
export interface OpenPlace {
  readonly wrap: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Its directory for files of a moment, where it has one that we see. */
  readonly scratch: string | null;
  close(): void;
}

/** A kind of place, opened when it is looked at. */
export interface Place {
  readonly name: string;
  /** Whether a program of many files can be loaded: Node opens them at once. */
  readonly loads: boolean;
  /** Whether a signal to what we start reaches hecate. */
  readonly passesSignals: boolean;
  /** Why it cannot be had here; null when it can. */
  missing(): string | null;
  open(): OpenPlace;
}

/** A directory for the home, for temporary files and data of `user`, and the variables that name it. */
function ownDirectory(user: number | null): { readonly directory: string; readonly env: Record<string, string> } {
  const directory = temporary('place');
  const scratch = join(directory, 'tmp');
  mkdirSync(scratch);
  for (const path of [directory, scratch]) {
    chmodSync(path, 0o700);
    if (user !== null) chownSync(path, user, user);
  }
  return {
    directory,
    env: { HOME: directory, TMPDIR: scratch, HECATE_DATA_DIR: join(scratch, 'data'), XDG_STATE_HOME: join(scratch, 'state') },
  };
}

const onlyRoot = (): string | null => (isRoot ? null : 'only root can make it');

/** Whether Node runs there and sees the checkout: what can go wrong without hecate having part in it. */
function cannotRun({ wrap, env }: OpenPlace): string | null {
  const argv = [...wrap, process.execPath, '-e', 'require("fs").readFileSync(process.argv[1])', HECATE];
  const { status, stderr, error } = spawnSync(argv[0]!, argv.slice(1), { encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } });
  return error ? error.message : status === 0 ? null : stderr.trim().split('\n').at(-1)!;
}

/** A place that is a command line before ours. */
function place(
  name: string,
  wrap: readonly string[],
  options: {
    readonly env?: Record<string, string>;
    readonly user?: number;
    readonly loads?: boolean;
    readonly passesSignals?: boolean;
    readonly needs?: () => string | null;
  } = {},
): Place {
  const open = (): OpenPlace => {
    const { directory, env } = ownDirectory(options.user ?? null);
    return { wrap, env: { ...env, ...options.env }, scratch: join(directory, 'tmp'), close: () => undefined };
  };
  const { loads = true, passesSignals = true } = options;
  return {
    name,
    loads,
    passesSignals,
    missing: () => (process.platform === 'linux' ? (options.needs?.() ?? cannotRun(open())) : 'this is not Linux'),
    open,
  };
}

function container(name: string, denied: readonly DeniedCalls[]): Place {
  return {
    name,
    loads: true,
    passesSignals: true,
    missing: runcMissing,
    open: () => {
      const { enter, remove } = startContainer('everywhere', { memory: { limit: 512 << 20 }, pids: { limit: 100 } }, [root], denied);
      return { wrap: enter({ HOME: '/dev/shm', TMPDIR: '/dev/shm' }), env: {}, scratch: null, close: remove };
    },
  };
}

/** A full disk: its size is what node maps there at most, and it is filled. */
const fullDisk = (directory: string): string[] =>
  mounted(
    `mount -t tmpfs -o size=1m none ${directory}`,
    `mkdir ${directory}/tmp`,
    `{ dd if=/dev/zero of=${directory}/filler bs=64k 2>/dev/null || true; }`,
    'ulimit -n 64',
  );

function fullPlace(): Place {
  const { directory, env } = ownDirectory(null);
  return place('64 descriptors and a full disk', fullDisk(directory), { env, loads: false });
}

/** Everywhere that hecate has to tell a value or a reason. */
export const PLACES: readonly Place[] = [
  place('here', []),
  place('as a user that owns nothing', AS_NOBODY, { user: NOBODY, needs: onlyRoot }),
  place('as a number that has no name', ['setpriv', `--reuid=${NAMELESS}`, `--regid=${NAMELESS}`, '--clear-groups'], {
    user: NAMELESS,
    needs: onlyRoot,
  }),
  place('in a network of its own', unshare('--net')),
  place('as that user where others are hidden (hidepid=2)', [...mounted('mount -t proc -o hidepid=2 proc /proc'), ...AS_NOBODY], {
    user: NOBODY,
    needs: onlyRoot,
  }),
  place('among processes of its own', unshare('--pid', '--fork', '--kill-child', '--mount-proc'), { passesSignals: false }),
  place('without /sys', mounted('mount -t tmpfs none /sys')),
  place('where much is hidden, as container runtimes do', mounted(...hide)),
  container('in a container', []),
  container('in a container that refuses system calls', DENIED),
  place('as root without capabilities', ['setpriv', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'], { needs: onlyRoot }),
  fullPlace(),
  place('in another language, in Nepal', [], { env: { LANG: 'C', LC_ALL: 'C', TZ: 'Asia/Kathmandu' } }),
  place('with one thread for slow work', [], { env: { UV_THREADPOOL_SIZE: '1' } }),
];
