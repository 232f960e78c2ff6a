// The kernel's own files; how is compared stands in differential.testing.ts.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { between, bracket, fields, linux, near, tool, untilItHolds } from './differential.testing.ts';

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
    await untilItHolds(async () => {
      const { before, machine, after } = await bracket(read);
      expect(machine.memory['total']).toBe(after.total);
      between(before.uptime, machine.host['uptime'] as number, after.uptime, 'uptime');
      for (const [at, name] of ['load1', 'load5', 'load15'].entries())
        near(before.load[at], machine.load[name], after.load[at], name, 0.01);
      if (before.stalled !== null) between(before.stalled, machine.pressure!['cpu']!.some!['total'], after.stalled!, 'pressure');
    });
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
    // Other tests make devices, and take them away: between two looks, now and then.
    await untilItHolds(async () => {
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
});
