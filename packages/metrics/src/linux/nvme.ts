import type { Host } from '@hecate/host';
import { nvmeGroups } from '../domain/nvme.ts';
import type { NvmeNamespace, NvmeReading } from '../domain/nvme.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching } from './attribute.ts';

const CLASS = '/sys/class/nvme';

/** `nvme0n1`, or `nvme0c1n1`: the path of controller 1 to namespace 1 of subsystem 0. */
const NAMESPACE = /^nvme\d+(?:c\d+)?n(\d+)$/;

/** Sizes of block devices in /sys are in sectors of 512 bytes, whatever the device (kernel: Documentation/ABI/stable/sysfs-block). */
const SECTOR = 512;

function readNamespace(host: Host, device: string, namespace: string, gaps: GapSink): NvmeNamespace {
  const file = attributesOf(host, `${CLASS}/${device}/${namespace}`, `nvme.${device}.${namespace}`, gaps);
  const blockSize = file.number('queue/logical_block_size');
  const sectors = file.number('size');
  const used = file.number('nuse');
  return {
    namespace,
    id: NAMESPACE.exec(namespace)?.[1] ?? '',
    size: sectors === null ? null : sectors * SECTOR,
    // Unlike the size, this is in logical blocks.
    used: used === null || blockSize === null ? null : used * blockSize,
    blockSize,
    anaState: file.text('ana_state') || null,
  };
}

function readController(host: Host, device: string, gaps: GapSink): NvmeReading {
  const file = attributesOf(host, `${CLASS}/${device}`, `nvme.${device}`, gaps);
  const say = (name: string): string | null => file.text(name) || null;
  return {
    device,
    model: say('model'),
    serial: say('serial'),
    firmware: say('firmware_rev'),
    state: say('state'),
    controllerId: file.number('cntlid'),
    transport: say('transport'),
    address: say('address'),
    subsystem: say('subsysnqn'),
    queues: file.number('queue_count'),
    namespaces: listMatching(host, `${CLASS}/${device}`, NAMESPACE).map((name) => readNamespace(host, device, name, gaps)),
  };
}

/** NVMe controllers and their namespaces. A machine without any has an empty reading. */
export const nvme: Collector<'nvme', readonly NvmeReading[]> = {
  name: 'nvme',
  lane: 'slow',
  sources: [CLASS],
  remedy: 'Mount /sys.',
  groups: nvmeGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: NvmeReading[] = [];
      for (const device of listMatching(host, CLASS, /^nvme\d+$/)) {
        readings.push(readController(host, device, gaps));
        yield;
      }
      return readings;
    },
    close: () => {},
  }),
};
