import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { gpuProcessGroups } from '../domain/gpu-processes.ts';
import type { GpuProcess } from '../domain/gpu-processes.ts';
import type { Collector, Sliced } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Mutable } from '../model/mutable.ts';
import { attributeOrNull, listMatching } from './attribute.ts';
import { parseDrmClient } from './gpu/fdinfo.ts';
import { openNvidia } from './gpu/nvidia.ts';

const NUMBER = /^\d{1,10}$/;
/** Descriptors of cards lead here. */
const NODES = '/dev/dri/';

/** The text that `read` gives; null where the process has gone, or is another user's, which `refused` is told. */
function orNull<Result>(read: () => Result, refused?: () => void): Result | null {
  try {
    return read();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    if (errno === 'EACCES' || errno === 'EPERM') refused?.();
    return null;
  }
}

/** Descriptors of a process that are of a card. */
function* cardFiles(host: Host, pid: string, refused: () => void): Generator<string> {
  for (const file of orNull(() => host.list(`/proc/${pid}/fd`), refused) ?? []) {
    if (!NUMBER.test(file)) continue;
    if (orNull(() => host.readLink(`/proc/${pid}/fd/${file}`))?.startsWith(NODES)) yield file;
  }
}

const plus = (left: number | null, right: number | null): number | null => (left === null ? right : right === null ? left : left + right);

function* readClients(host: Host, gaps: GapSink): Sliced<GpuProcess[]> {
  const found = new Map<string, Mutable<GpuProcess>>();
  const seen = new Set<string>();
  let refused = 0;
  for (const pid of listMatching(host, '/proc', NUMBER)) {
    for (const file of cardFiles(host, pid, () => refused++)) {
      const client = parseDrmClient(orNull(() => host.readText(`/proc/${pid}/fdinfo/${file}`)) ?? '');
      if (!client) continue;
      const gpu = client.address ?? client.driver;
      // A file that was handed on to another process, or opened twice in one, counts the same once more.
      const identity = `${gpu} ${client.client}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      let sum = found.get(`${gpu} ${pid}`);
      if (!sum) {
        sum = { gpu, pid: Number(pid), name: attributeOrNull(host, `/proc/${pid}/comm`) || null, time: null, memory: null };
        found.set(`${gpu} ${pid}`, sum);
      }
      sum.time = plus(sum.time, client.time);
      sum.memory = plus(sum.memory, client.memory);
    }
    yield;
  }
  if (refused > 0)
    gaps.add('gpuprocesses.others', 'permission', `The files of ${refused} processes of other users may not be read; root sees them.`);
  return [...found.values()];
}

/**
 * What each process uses of each GPU: from its open files of cards, and from NVIDIA's library. On request only: the descriptors of every
 * process are looked at.
 */
export const gpuProcesses: Collector<'gpuprocesses', readonly GpuProcess[]> = {
  name: 'gpuprocesses',
  lane: 'slow',
  onRequest: true,
  sources: ['/proc/PID/fdinfo', 'libnvidia-ml.so.1'],
  permission: 'Of processes of other users: root alone.',
  remedy: 'Run hecate as root.',
  groups: gpuProcessGroups,
  open(host) {
    const nvidia = openNvidia(host);
    return {
      *read(gaps) {
        const clients = yield* readClients(host, gaps);
        return [...clients, ...nvidia.readProcesses(gaps)];
      },
      close: () => nvidia.close(),
    };
  },
};
