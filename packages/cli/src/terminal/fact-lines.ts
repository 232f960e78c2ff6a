import { encodeValue } from '@hecate/observe';
import type { HostFacts } from '@hecate/tune';

const NAME = 10;

/** Things by how many of them there are: `2 nvme disks of 3.49 TiB`. */
function counted<Row>(rows: readonly Row[], textOf: (row: Row) => string): string {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(textOf(row), (counts.get(textOf(row)) ?? 0) + 1);
  return [...counts].map(([text, count]) => (count === 1 ? text : `${count} x ${text}`)).join(', ');
}

const line = (name: string, text: string): string[] => (text === '' ? [] : [`${name.padEnd(NAME)} ${text}`]);
const joined = (parts: readonly (string | false | null)[]): string =>
  parts.filter((part) => part !== false && part !== null && part !== '').join(', ');

/** What is known of a machine that tuning depends on, in lines for people. What it does not have is left out. */
export function factLines({ kernel, cpu, memory, disks, nics, gpus, roles, ...facts }: HostFacts): string[] {
  const place = facts.container === null ? null : `in a ${facts.container} container`;
  const { hybrid } = cpu;
  return [
    ...line(
      'Machine',
      joined([
        facts.formFactor !== 'unknown' && facts.formFactor,
        facts.hypervisor && `guest of ${facts.hypervisor}`,
        place,
        facts.battery && `battery, ${facts.mains === false ? 'not on the mains' : 'on the mains'}`,
      ]),
    ),
    ...line('Kernel', joined([kernel.release, kernel.machine])),
    ...line(
      'Processor',
      joined([
        cpu.name ?? cpu.vendor,
        cpu.sockets !== null && cpu.sockets > 1 && `${cpu.sockets} sockets`,
        `${cpu.threads} CPUs`,
        cpu.cores !== null && cpu.cores !== cpu.threads && `${cpu.cores} cores`,
        hybrid !== null && `${hybrid.performance.length} fast and ${hybrid.efficiency.length} economical CPUs`,
        cpu.driver === null ? 'its frequency cannot be set' : `driver ${cpu.driver}, governor ${cpu.policies[0]?.governor ?? 'unknown'}`,
      ]),
    ),
    ...line(
      'Memory',
      joined([
        encodeValue(memory.total, 'bytes'),
        memory.nodes > 1 && `${memory.nodes} NUMA nodes`,
        memory.swap > 0 ? `${encodeValue(memory.swap, 'bytes')} of swap` : 'no swap',
        memory.zram.length > 0 && `zram in use`,
      ]),
    ),
    ...line(
      'Disks',
      counted(disks, ({ kind, size, scheduler }) =>
        joined([`${kind} of ${encodeValue(size, 'bytes')}`, scheduler && `scheduler ${scheduler}`]).replace(', ', ' with '),
      ),
    ),
    ...line(
      'Network',
      counted(nics, ({ name, driver, speed, wireless }) =>
        joined([name, wireless && 'wireless', driver, speed !== null && `${encodeValue(speed, 'count')}bit/s`]).replaceAll(', ', ' '),
      ),
    ),
    ...line(
      'Graphics',
      counted(gpus, ({ vendor, driver, memory: own }) =>
        joined([vendor, driver, own !== null && encodeValue(own, 'bytes')]).replaceAll(', ', ' '),
      ),
    ),
    ...line(
      'Runs',
      joined([
        ...roles.containers,
        ...roles.databases,
        ...roles.servers,
        roles.virtualMachines && 'virtual machines',
        roles.realtime && 'real-time work',
      ]),
    ),
    ...line('Has', joined([roles.desktop && 'a desktop', ...roles.games, ...roles.development])),
  ];
}
