import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import type { ContainerInterface, ContainerReading } from './containers.ts';
import { PRESSURE_RESOURCES } from './pressure.ts';

type Row = ContainerReading;

/** cadvisor's labels; `id` is the path of the control group there. */
const LABELS = {
  id: 'path',
  name: 'name',
  image: 'image',
  container: 'containerName',
  pod: 'podName',
  namespace: 'namespace',
  runtime: 'runtime',
} as const;

const NO_FIGURE = 'its hierarchy has no such figure: the controller is not enabled, or the kernel is older';

const info = (key: keyof Row & string, help: string, nullWhen?: string): Field<Row> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  ...(nullWhen ? { nullWhen } : {}),
});

const counter = (
  key: keyof Row & string,
  unit: Field<Row>['unit'],
  name: string,
  help: string,
  otel?: Field<Row>['otel'],
  labels?: Readonly<Record<string, string>>,
): Field<Row> => ({
  key,
  kind: 'counter',
  unit,
  help,
  nullWhen: NO_FIGURE,
  prometheus: { name: `container_${name}_total`, ...(labels ? { labels } : {}) },
  ...(otel ? { otel } : {}),
});

const gauge = (key: keyof Row & string, unit: Field<Row>['unit'], name: string, help: string, otel?: string): Field<Row> => ({
  key,
  kind: 'gauge',
  unit,
  help,
  nullWhen: NO_FIGURE,
  prometheus: { name: `container_${name}` },
  ...(otel ? { otel: { name: otel } } : {}),
});

const direction = (name: string): Field<Row>['otel'] => ({ name: 'container.disk.io', attributes: { 'disk.io.direction': name } });

const interfaceCounter = (
  key: keyof ContainerInterface & string,
  name: string,
  help: string,
  otel?: string,
): Field<ContainerInterface & Row> => ({
  key,
  kind: 'counter',
  unit: name.endsWith('bytes') ? 'bytes' : 'count',
  help,
  prometheus: { name: `container_network_${name}_total` },
  ...(otel ? { otel: { name: 'container.network.io', attributes: { 'network.io.direction': otel } } } : {}),
});

function* interfaceRows(reading: readonly Row[]): Generator<ContainerInterface & Row> {
  for (const container of reading) for (const row of container.network ?? []) yield { ...container, ...row };
}

/** One pressure total with the container that it belongs to. */
interface StallRow extends Row {
  readonly total: number;
}

const stalls = (resource: (typeof PRESSURE_RESOURCES)[number], kind: 'some' | 'full'): Group<readonly Row[]> =>
  group<readonly Row[], StallRow>({
    name: `containers.pressure.${resource}.${kind}`,
    json: `containers[].pressure.${resource}.${kind}`,
    source: `${resource}.pressure in the container's directory of the v2 tree`,
    rows: (reading) =>
      reading.flatMap((row) => {
        const stall = row.pressure?.[resource]?.[kind];
        return stall ? [{ ...row, total: stall.total }] : [];
      }),
    labels: LABELS,
    fields: [
      {
        key: 'total',
        kind: 'counter',
        unit: 'seconds',
        help: `Time in which ${kind === 'some' ? 'at least one task' : 'every task'} of the container waited for ${resource}.`,
        prometheus: { name: `container_pressure_${resource}_${kind === 'some' ? 'waiting' : 'stalled'}_seconds_total` },
      },
    ],
  });

/** Fields of the `containers` collector. Names are cadvisor's. */
export const containerGroups = (): readonly Group<readonly Row[]>[] => [
  group<readonly Row[], Row>({
    name: 'containers',
    source: 'the control groups of containers, /proc/PID/net/dev, files of the engines',
    rows: (reading) => reading,
    labels: LABELS,
    fields: [
      info('id', 'What the engine calls the container by.'),
      info('name', 'The name that a person gave it, or the id.'),
      info('runtime', 'The engine, as far as the control group tells.'),
      info('image', 'The image that it was made from.', 'the files of the engine do not say, or may not be read'),
      info('pod', 'The uid of its Kubernetes pod, or the id of its podman pod.', 'it is in no pod'),
      info('podName', 'The name of its Kubernetes pod.', 'it is in no pod, or the files of the engine may not be read'),
      info('namespace', 'The Kubernetes namespace.', 'it is in no pod, or the files of the engine may not be read'),
      info('containerName', 'Its name inside the pod.', 'it is in no pod, or the files of the engine may not be read'),
      info('path', 'Path of its control group.'),
      {
        ...gauge('startTime', 'seconds', 'start_time_seconds', 'When its first process started, since the epoch.'),
        nullWhen: 'none of its processes can be looked at',
      },
      {
        key: 'frozen',
        kind: 'gauge',
        unit: 'none',
        help: 'Whether it is frozen.',
        nullWhen: NO_FIGURE,
        prometheus: { name: 'hecate_container_frozen' },
      },
      counter('cpuUsage', 'seconds', 'cpu_usage_seconds', 'Processor time.', { name: 'container.cpu.time' }, { cpu: 'total' }),
      counter('cpuUser', 'seconds', 'cpu_user_seconds', 'Processor time outside of the kernel.'),
      counter('cpuSystem', 'seconds', 'cpu_system_seconds', 'Processor time in the kernel.'),
      counter('periods', 'count', 'cpu_cfs_periods', 'Periods in which it ran while it had a quota.'),
      counter('throttledPeriods', 'count', 'cpu_cfs_throttled_periods', 'Periods in which it used its quota up.'),
      counter('throttledTime', 'seconds', 'cpu_cfs_throttled_seconds', 'Time that its tasks waited for quota.'),
      {
        key: 'cpuLimit',
        kind: 'gauge',
        unit: 'none',
        help: 'Processors of its quota.',
        nullWhen: 'it has no quota',
        prometheus: { name: 'hecate_container_cpu_limit_cores' },
      },
      gauge('memoryUsage', 'bytes', 'memory_usage_bytes', 'Memory, file pages included.', 'container.memory.usage'),
      gauge('workingSet', 'bytes', 'memory_working_set_bytes', 'Memory without inactive file pages.', 'container.memory.working_set'),
      gauge('rss', 'bytes', 'memory_rss', 'Memory that belongs to no file.', 'container.memory.rss'),
      gauge('cache', 'bytes', 'memory_cache', 'File pages.'),
      gauge('mapped', 'bytes', 'memory_mapped_file', 'File pages that are mapped.'),
      gauge('swap', 'bytes', 'memory_swap', 'Swap.'),
      {
        ...gauge('memoryLimit', 'bytes', 'spec_memory_limit_bytes', 'Memory limit; 0 in Prometheus without one, as cadvisor does.'),
        nullWhen: 'it has no limit',
        prometheus: {
          name: 'container_spec_memory_limit_bytes',
          value: (row) => row.memoryLimit ?? (row.memoryUsage === null ? null : 0),
        },
      },
      {
        ...counter('limitHits', 'count', '', 'Times that it went up to its memory limit.'),
        prometheus: { name: 'hecate_container_memory_limit_events_total' },
      },
      counter('oomKills', 'count', 'oom_events', 'Processes that were killed for lack of memory.'),
      gauge('pids', 'count', 'threads', 'Processes and threads.'),
      {
        ...gauge('pidsLimit', 'count', 'threads_max', 'Most processes and threads; 0 in Prometheus without a limit, as cadvisor does.'),
        nullWhen: 'it has no limit',
        prometheus: { name: 'container_threads_max', value: (row) => row.pidsLimit ?? (row.pids === null ? null : 0) },
      },
      counter('readBytes', 'bytes', 'fs_reads_bytes', 'Bytes read from disks.', direction('read')),
      counter('writeBytes', 'bytes', 'fs_writes_bytes', 'Bytes written to disks.', direction('write')),
      counter('reads', 'count', 'fs_reads', 'Reads from disks.'),
      counter('writes', 'count', 'fs_writes', 'Writes to disks.'),
    ],
  }),
  group<readonly Row[], ContainerInterface & Row>({
    name: 'containers.network',
    json: 'containers[].network[]',
    source: '/proc/PID/net/dev of one of its processes',
    rows: interfaceRows,
    labels: { ...LABELS, interface: 'device' },
    fields: [
      interfaceCounter('receiveBytes', 'receive_bytes', 'Bytes received.', 'receive'),
      interfaceCounter('receivePackets', 'receive_packets', 'Packets received.'),
      interfaceCounter('receiveErrors', 'receive_errors', 'Packets received with errors.'),
      interfaceCounter('receiveDrops', 'receive_packets_dropped', 'Packets dropped on receiving.'),
      interfaceCounter('transmitBytes', 'transmit_bytes', 'Bytes sent.', 'transmit'),
      interfaceCounter('transmitPackets', 'transmit_packets', 'Packets sent.'),
      interfaceCounter('transmitErrors', 'transmit_errors', 'Packets that were not sent for errors.'),
      interfaceCounter('transmitDrops', 'transmit_packets_dropped', 'Packets dropped on sending.'),
    ],
  }),
  ...PRESSURE_RESOURCES.flatMap((resource) => [stalls(resource, 'some'), stalls(resource, 'full')]),
];
