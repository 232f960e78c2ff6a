// free, df, ps, uname and psutil; how is compared stands in differential.testing.ts.
import { describe, expect, it } from 'vitest';
import { settledName } from '../packages/metrics/src/linux/process/settled-name.testing.ts';
import { between, bracket, fields, near, ours, tool, untilItHolds, without } from './differential.testing.ts';

/** Debian's Python sees Debian's packages; another one in PATH does not. */
const PYTHON = '/usr/bin/python3';
const MIB = 1024 * 1024;

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
      expect(row!.name.startsWith(settledName(name.join(' ').replace(/ <defunct>$/, ''))), `${row!.name} of ${name.join(' ')}`).toBe(true);
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
    // Other tests make disks, and take them away: between two looks, now and then.
    await untilItHolds(async () => {
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
  });

  it('processes: parent, name, command, user, start, cpu time', async () => {
    await untilItHolds(async () => {
      const { before, machine, after } = await bracket(read);
      let compared = 0;
      for (const row of machine.processes) {
        const [first, last] = [before.processes[row.pid], after.processes[row.pid]];
        if (!first || !last || Math.abs(first.created - last.created) > 0.02) continue;
        compared += 1;
        const names = [row.name, last.name].map(settledName);
        expect([row.pid, row.ppid, names[0], row.user]).toEqual([row.pid, last.ppid, names[1], last.username]);
        if (last.cmdline?.length && last.cmdline.join() === first.cmdline?.join())
          expect(row.command).toBe(last.cmdline.join(' ').trimEnd());
        near(first.created, row.startTime, last.created, `start of ${row.pid}`, 1);
        between(first.cpu, row.cpuUser + row.cpuSystem, last.cpu, `cpu time of ${row.pid}`, 0.011);
      }
      expect(compared).toBeGreaterThan(2);
    });
  });
});
