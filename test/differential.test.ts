// What hecate says against what the machine's own tools say. Each reading of ours lies between two of theirs: a counter must
// lie between them too. A gauge can jump out and back in between, so its check is repeated until it holds: a formula
// that is wrong never does.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from './cli.testing.ts';

type Numbers = Readonly<Record<string, number>>;
interface Process {
  readonly pid: number;
  readonly ppid: number;
  readonly name: string;
  readonly command: string | null;
  readonly user: string;
  readonly uid: number;
  readonly nice: number;
  readonly threads: number;
  readonly rss: number;
  readonly virtual: number;
  readonly startTime: number;
  readonly cpuUser: number;
  readonly cpuSystem: number;
}
interface Machine {
  readonly host: Readonly<Record<string, string | number>>;
  readonly cpu: {
    readonly total: Numbers;
    readonly cores: readonly Numbers[];
    readonly contextSwitches: number;
    readonly interrupts: number;
    readonly forks: number;
    readonly bootTime: number;
  };
  readonly load: Numbers;
  readonly memory: Numbers;
  readonly pressure: Readonly<Record<string, { readonly some: Numbers | null }>> | null;
  readonly disk: readonly (Numbers & { readonly device: string })[];
  readonly network: readonly (Numbers & { readonly device: string })[];
  readonly filesystem: readonly {
    readonly mountpoint: string;
    readonly device: string;
    readonly fstype: string;
    readonly size: number | null;
    readonly used: number | null;
    readonly available: number | null;
    readonly files: number | null;
  }[];
  readonly processes: readonly Process[];
}

const linux = process.platform === 'linux';
/** Debian's Python sees Debian's packages; another one in PATH does not. */
const PYTHON = '/usr/bin/python3';

function tool(program: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    maxBuffer: 1 << 26,
  });
  // df ends with 1 when one of many file systems cannot be read, and prints the others.
  if (error || (status !== 0 && stdout === '')) throw error ?? new Error(`${program}: ${stderr}`);
  return stdout;
}

function without(program: string, args: string[], from: string): boolean {
  if (!linux) return true;
  const found = spawnSync(program, args, { encoding: 'utf8' });
  const missing = found.error !== undefined || found.status !== 0;
  if (missing) console.warn(`Skipped: ${program} ${args.join(' ')} does not run here. Debian: apt-get install ${from}.`);
  return missing;
}

async function ours(): Promise<Machine> {
  const { stdout } = await run(['snapshot', '--format', 'json', '--interval', '0']);
  return JSON.parse(stdout) as Machine;
}

/** Takes a reading of theirs before and after ours. */
async function bracket<Theirs>(read: () => Theirs): Promise<{ before: Theirs; machine: Machine; after: Theirs }> {
  const before = read();
  const machine = await ours();
  return { before, machine, after: read() };
}

/** `value` lies between what was read before and after, the ends included; `slack` for what is rounded. */
function between(
  before: number | undefined,
  value: number | undefined,
  after: number | undefined,
  what: string,
  slack: number = 1e-6,
): void {
  expect(value, what).toBeGreaterThanOrEqual(before! - slack);
  expect(value, what).toBeLessThanOrEqual(after! + slack);
}

/** The same for what goes up and down: outside of both by at most `slack`. */
function near(before: number | undefined, value: number | undefined, after: number | undefined, what: string, slack: number): void {
  between(Math.min(before!, after!), value, Math.max(before!, after!), what, slack);
}

/** Repeats a check of gauges until it holds. The last try tells what is wrong. */
async function untilItHolds(check: () => Promise<void>, tries: number = 15): Promise<void> {
  for (let left = tries; left > 1; left -= 1) {
    try {
      return await check();
    } catch {
      // Something moved between the readings: try again, at most so often.
    }
  }
  await check();
}

const fields = (line: string): string[] => line.trim().split(/\s+/);
const MIB = 1024 * 1024;

describe.skipIf(!linux)('/proc', () => {
  const readStat = (): Map<string, number[]> =>
    new Map(
      readFileSync('/proc/stat', 'utf8')
        .trim()
        .split('\n')
        .map((line) => {
          const [name, ...rest] = fields(line);
          return [name!, rest.map(Number)];
        }),
    );

  it('cpu time, context switches, interrupts, forks, boot time', async () => {
    const hertz = Number(tool('getconf', 'CLK_TCK'));
    const {
      before,
      machine: { cpu },
      after,
    } = await bracket(readStat);
    for (const [row, name] of [[cpu.total, 'cpu'], ...cpu.cores.map((core) => [core, `cpu${core['cpu']}`] as const)] as const) {
      const [first, last] = [before.get(name)!, after.get(name)!];
      // The kernel counts guest time in user time too; ours has it once.
      const times = [
        row['user']! + row['guestUser']!,
        row['nice']! + row['guestNice']!,
        row['system']!,
        row['idle']!,
        row['iowait']!,
        row['irq']!,
        row['softirq']!,
        row['steal']!,
      ];
      // idle and iowait of one core may step back a little (proc(5)).
      for (const [at, time] of times.entries())
        between(first[at]! / hertz, time, last[at]! / hertz, `${name} ${at}`, at === 3 || at === 4 ? 1 : 1e-6);
    }
    expect(cpu.cores).toHaveLength([...after.keys()].filter((name) => /^cpu\d/.test(name)).length);
    between(before.get('ctxt')![0], cpu.contextSwitches, after.get('ctxt')![0], 'ctxt');
    between(before.get('intr')![0], cpu.interrupts, after.get('intr')![0], 'intr');
    between(before.get('processes')![0], cpu.forks, after.get('processes')![0], 'forks');
    near(before.get('btime')![0], cpu.bootTime, after.get('btime')![0], 'btime', 1);
  });

  it('memory totals, load, uptime, pressure', async () => {
    const read = (): { uptime: number; load: number[]; stalled: number | null; total: number } => ({
      uptime: Number(fields(readFileSync('/proc/uptime', 'utf8'))[0]),
      load: fields(readFileSync('/proc/loadavg', 'utf8')).slice(0, 3).map(Number),
      stalled: existsSync('/proc/pressure/cpu')
        ? Number(/^some .*total=(\d+)/m.exec(readFileSync('/proc/pressure/cpu', 'utf8'))![1]) / 1e6
        : null,
      total: Number(/^MemTotal:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))![1]) * 1024,
    });
    const { before, machine, after } = await bracket(read);
    expect(machine.memory['total']).toBe(after.total);
    between(before.uptime, machine.host['uptime'] as number, after.uptime, 'uptime');
    for (const [at, name] of ['load1', 'load5', 'load15'].entries()) near(before.load[at], machine.load[name], after.load[at], name, 0.01);
    if (before.stalled !== null) between(before.stalled, machine.pressure!['cpu']!.some!['total'], after.stalled!, 'pressure');
  });

  it('network and disk counters, device by device', async () => {
    const read = (): { network: Map<string, number[]>; disk: Map<string, number[]> } => ({
      network: new Map(
        readFileSync('/proc/net/dev', 'utf8')
          .trim()
          .split('\n')
          .slice(2)
          .map((line) => {
            const [name, rest] = line.split(':') as [string, string];
            return [name.trim(), fields(rest).map(Number)];
          }),
      ),
      disk: new Map(
        readFileSync('/proc/diskstats', 'utf8')
          .trim()
          .split('\n')
          .map((line) => {
            const cells = fields(line);
            return [cells[2]!, cells.slice(3).map(Number)];
          }),
      ),
    });
    const { before, machine, after } = await bracket(read);
    expect(machine.network.map(({ device }) => device).toSorted()).toEqual([...after.network.keys()].toSorted());
    for (const row of machine.network) {
      const [first, last] = [before.network.get(row.device)!, after.network.get(row.device)!];
      between(first[0], row['receiveBytes'], last[0], `${row.device} in`);
      between(first[1], row['receivePackets'], last[1], `${row.device} packets in`);
      between(first[8], row['transmitBytes'], last[8], `${row.device} out`);
      between(first[3], row['receiveDrops'], last[3], `${row.device} drops`);
    }
    expect(machine.disk.length).toBeGreaterThan(0);
    for (const row of machine.disk) {
      const [first, last] = [before.disk.get(row.device)!, after.disk.get(row.device)!];
      between(first[0], row['reads'], last[0], `${row.device} reads`);
      between(first[2]! * 512, row['readBytes'], last[2]! * 512, `${row.device} bytes read`);
      between(first[6]! * 512, row['writeBytes'], last[6]! * 512, `${row.device} bytes written`);
      between(first[9]! / 1000, row['ioTime'], last[9]! / 1000, `${row.device} busy`);
    }
  });
});

it.skipIf(without('free', ['--version'], 'procps'))('free: memory and swap', async () => {
  const read = (): { memory: number[]; swap: number[] } => {
    const lines = tool('free', '-b', '-w').split('\n');
    return { memory: fields(lines[1]!).slice(1).map(Number), swap: fields(lines[2]!).slice(1).map(Number) };
  };
  await untilItHolds(async () => {
    const {
      before,
      machine: { memory },
      after,
    } = await bracket(read);
    expect([memory['total'], memory['swapTotal']]).toEqual([after.memory[0], after.swap[0]]);
    // total used free shared buffers cache available
    const rows = [
      ['used', 1],
      ['free', 2],
      ['shared', 3],
      ['buffers', 4],
      ['available', 6],
    ] as const;
    for (const [name, at] of rows) near(before.memory[at], memory[name], after.memory[at], name, 8 * MIB);
    near(before.memory[5], memory['cached']! + memory['slabReclaimable']!, after.memory[5], 'cache', 8 * MIB);
    near(before.swap[1], memory['swapUsed'], after.swap[1], 'swap used', MIB);
  });
});

it.skipIf(without('df', ['--version'], 'coreutils'))('df: every file system of both, its size exactly, its use in between', async () => {
  const read = (): Map<string, string[]> =>
    new Map(
      tool('df', '-B1', '-a', '--output=target,source,fstype,itotal,size,used,avail')
        .split('\n')
        .slice(1)
        .filter(Boolean)
        .map((line) => {
          const cells = fields(line);
          return [cells[0]!, cells];
        }),
    );
  await untilItHolds(async () => {
    const {
      before,
      machine: { filesystem },
      after,
    } = await bracket(read);
    const shared = filesystem.filter(({ mountpoint, size }) => size !== null && before.has(mountpoint) && after.has(mountpoint));
    expect(shared.map(({ mountpoint }) => mountpoint)).toContain('/');
    for (const { mountpoint, device, fstype, size, used, available, files } of shared) {
      const [first, last] = [before.get(mountpoint)!, after.get(mountpoint)!];
      expect({ mountpoint, fstype, size, files: files ?? 0 }).toEqual({
        mountpoint,
        fstype: last[2],
        size: Number(last[4]),
        files: Number(last[3]) || 0,
      });
      if (device.startsWith('/')) expect(device).toBe(last[1]);
      near(Number(first[5]), used!, Number(last[5]), `${mountpoint} used`, 4 * MIB);
      near(Number(first[6]), available!, Number(last[6]), `${mountpoint} available`, 4 * MIB);
    }
  });
});

it.skipIf(without('ps', ['--version'], 'procps'))('ps: every process that lived through it', async () => {
  const read = (): Map<number, string[]> =>
    new Map(
      tool('ps', '-eo', 'pid=,ppid=,uid=,nice=,nlwp=,vsz=,user:32=,comm=')
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const cells = fields(line);
          return [Number(cells[0]), cells];
        }),
    );
  await untilItHolds(async () => {
    const {
      before,
      machine: { processes },
      after,
    } = await bracket(read);
    const rows = new Map(processes.map((row) => [row.pid, row]));
    const lived = [...after].filter(([pid, cells]) => before.get(pid)?.join() === cells.join());
    expect(lived.length).toBeGreaterThan(0);
    for (const [pid, [, ppid, uid, nice, threads, virtual, user, ...name]] of lived) {
      const row = rows.get(pid);
      expect(row, `process ${pid}`).toBeDefined();
      const { ppid: parent, uid: owner, threads: count, virtual: size, user: ownerName } = row!;
      expect([pid, parent, owner, count, size, ownerName]).toEqual([
        pid,
        Number(ppid),
        Number(uid),
        Number(threads),
        Number(virtual) * 1024,
        user,
      ]);
      if (nice !== '-') expect(row!.nice).toBe(Number(nice));
      // The kernel cuts names after 15 bytes; ours are completed from the command line. ps marks zombies.
      expect(row!.name.startsWith(name.join(' ').replace(/ <defunct>$/, '')), `${row!.name} of ${name.join(' ')}`).toBe(true);
    }
  });
});

it.skipIf(without('uname', ['--version'], 'coreutils'))('uname: the names of the machine', async () => {
  const { host } = await ours();
  const say = (option: string): string => tool('uname', option).trim();
  expect(host).toMatchObject({ hostname: say('-n'), system: say('-s'), release: say('-r'), version: say('-v'), machine: say('-m') });
});

describe.skipIf(without(PYTHON, ['-c', 'import psutil'], 'python3-psutil'))('psutil', () => {
  interface Psutil {
    total: number;
    swap: number;
    cores: number;
    boot: number;
    user: number;
    idle: number;
    partitions: string[];
    nic: Record<string, [number, number, number, number]>;
    disk: Record<string, [number, number, number, number]>;
    processes: Record<string, { ppid: number; name: string; created: number; cpu: number; cmdline: string[] | null; username: string }>;
  }
  const read = (): Psutil =>
    JSON.parse(
      tool(
        PYTHON,
        '-c',
        `
import json, psutil as p
c = p.cpu_times()
print(json.dumps({
  'total': p.virtual_memory().total, 'swap': p.swap_memory().total, 'cores': p.cpu_count(), 'boot': p.boot_time(), 'user': c.user, 'idle': c.idle,
  'partitions': [x.mountpoint for x in p.disk_partitions()],
  'nic': {k: v[:4] for k, v in p.net_io_counters(pernic=True, nowrap=False).items()},
  'disk': {k: v[:4] for k, v in p.disk_io_counters(perdisk=True, nowrap=False).items()},
  'processes': {x.pid: {'ppid': x.info['ppid'], 'name': x.info['name'], 'created': x.info['create_time'], 'cpu': sum(x.info['cpu_times'][:2]),
    'cmdline': x.info['cmdline'], 'username': x.info['username']} for x in p.process_iter(['ppid', 'name', 'create_time', 'cpu_times', 'cmdline', 'username']) if x.info['cpu_times']},
}))`,
      ),
    ) as Psutil;

  it('totals, cpu time, network, disks, partitions', async () => {
    const { before, machine, after } = await bracket(read);
    expect([machine.memory['total'], machine.memory['swapTotal'], machine.cpu.cores.length]).toEqual([
      after.total,
      after.swap,
      after.cores,
    ]);
    near(before.boot, machine.cpu.bootTime, after.boot, 'boot', 1);
    between(before.user, machine.cpu.total['user']! + machine.cpu.total['guestUser']!, after.user, 'user');
    for (const row of machine.network) {
      const names = ['transmitBytes', 'receiveBytes', 'transmitPackets', 'receivePackets'];
      for (const [at, name] of names.entries())
        between(before.nic[row.device]?.[at], row[name], after.nic[row.device]?.[at], `${row.device} ${name}`);
    }
    for (const [device, first] of Object.entries(before.disk)) {
      const row = machine.disk.find((disk) => disk.device === device);
      const names = ['reads', 'writes', 'readBytes', 'writeBytes'];
      // It leaves out what has never been used in its own way: only devices of both are compared, and one there must be.
      if (row) for (const [at, name] of names.entries()) between(first[at], row[name], after.disk[device]?.[at], `${device} ${name}`);
    }
    expect(machine.disk.some(({ device }) => device in before.disk)).toBe(true);
    const mounts = machine.filesystem.map(({ mountpoint }) => mountpoint);
    for (const mountpoint of after.partitions.filter((point) => before.partitions.includes(point))) expect(mounts).toContain(mountpoint);
  });

  it('processes: parent, name, command, user, start, cpu time', async () => {
    await untilItHolds(async () => {
      const { before, machine, after } = await bracket(read);
      let compared = 0;
      for (const row of machine.processes) {
        const [first, last] = [before.processes[row.pid], after.processes[row.pid]];
        if (!first || !last || Math.abs(first.created - last.created) > 0.02) continue;
        compared += 1;
        expect([row.pid, row.ppid, row.name, row.user]).toEqual([row.pid, last.ppid, last.name, last.username]);
        if (last.cmdline?.length && last.cmdline.join() === first.cmdline?.join())
          expect(row.command).toBe(last.cmdline.join(' ').trimEnd());
        near(first.created, row.startTime, last.created, `start of ${row.pid}`, 1);
        between(first.cpu, row.cpuUser + row.cpuSystem, last.cpu, `cpu time of ${row.pid}`, 0.011);
      }
      expect(compared).toBeGreaterThan(2);
    });
  });
});
