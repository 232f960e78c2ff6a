import { group } from '../model/field.ts';
import type { Field, Group, Unit } from '../model/field.ts';
import type { GpuReading, GpuState } from './gpu.ts';

const SILENT = 'its driver does not tell';
const LABELS = { gpu: 'id' } as const;
const SOURCE = 'IOAccelerator of the I/O registry (macOS), /sys/class/drm, libnvidia-ml';

type Key = keyof GpuReading & string;

const info = (key: Key, help: string, nullWhen: string = SILENT): Field<GpuReading> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen,
});

const gauge = (
  key: Key,
  unit: Unit,
  help: string,
  name: string,
  more: { readonly nullWhen?: string; readonly otel?: Field<GpuReading>['otel'] } = {},
): Field<GpuReading> => ({
  key,
  kind: 'gauge',
  unit,
  help,
  nullWhen: more.nullWhen ?? SILENT,
  prometheus: { name: `hecate_gpu_${name}` },
  ...(more.otel ? { otel: more.otel } : {}),
});

const counter = (key: Key, unit: Unit, help: string, name: string, otel?: Field<GpuReading>['otel']): Field<GpuReading> => ({
  key,
  kind: 'counter',
  unit,
  help,
  nullWhen: SILENT,
  prometheus: { name: `hecate_gpu_${name}_total` },
  ...(otel ? { otel } : {}),
});

const identity = (): readonly Field<GpuReading>[] => [
  {
    ...info('name', 'Model of the GPU.'),
    prometheus: {
      name: 'hecate_gpu_info',
      help: 'What each GPU is.',
      value: () => 1,
      properties: { name: 'name', vendor: 'vendor', driver: 'driver', card: 'card', uuid: 'uuid' },
    },
  },
  info('vendor', 'Who made it: apple, nvidia, amd, intel, or a name from the list of PCI ids.'),
  info('driver', 'Name of its driver.'),
  info('card', 'Kernel name of its card.', 'the kernel has none for it'),
  info('uuid', 'Number that it carries itself.', 'only NVIDIA and AMD tell'),
  info('unified', 'Whether it takes its memory from that of the machine.'),
  gauge('cores', 'count', 'Cores of the GPU.', 'cores', { nullWhen: 'only Apple tells' }),
  gauge('suspended', 'none', 'Whether it sleeps; nothing else is asked then.', 'suspended'),
];

const work = (): readonly Field<GpuReading>[] => [
  gauge('usage', 'ratio', 'Share of the time in which the GPU was busy.', 'utilization_ratio', {
    otel: { name: 'hw.gpu.utilization' },
  }),
  gauge('rendererUsage', 'ratio', 'Share of the time in which it drew or computed.', 'renderer_utilization_ratio', {
    otel: { name: 'hw.gpu.utilization', attributes: { 'hw.gpu.task': 'general' } },
  }),
  gauge('tilerUsage', 'ratio', 'Share of the time in which it sorted geometry into tiles.', 'tiler_utilization_ratio', {
    nullWhen: 'only Apple tells',
  }),
  gauge('mediaUsage', 'ratio', 'Share of the time in which it coded or decoded video.', 'media_utilization_ratio'),
  gauge('memoryUsage', 'ratio', 'Share of the time in which its memory was read or written.', 'memory_utilization_ratio'),
  gauge('frequency', 'hertz', 'Clock of the GPU.', 'clock_hertz', {
    nullWhen: 'its driver does not tell; where it counts states, the rates have the mean',
  }),
  gauge('maxFrequency', 'hertz', 'Highest clock of the GPU.', 'max_clock_hertz'),
  gauge('memoryFrequency', 'hertz', 'Clock of its memory.', 'memory_clock_hertz'),
  counter('resets', 'count', 'Times that the driver had to start it again.', 'resets'),
  counter('idleTime', 'seconds', 'Time for which it was switched off because nobody used it.', 'idle_seconds'),
];

const memory = (): readonly Field<GpuReading>[] => [
  gauge('memoryTotal', 'bytes', 'Memory of its own.', 'memory_total_bytes', {
    nullWhen: 'it has none of its own, or its driver does not tell',
    otel: { name: 'hw.gpu.memory.limit' },
  }),
  gauge('memoryUsed', 'bytes', 'Memory in use: its own, or of the machine where it has none of its own.', 'memory_used_bytes', {
    otel: { name: 'hw.gpu.memory.usage' },
  }),
  gauge('memoryShared', 'bytes', 'Memory of the machine that is allocated for the GPU, in use or not.', 'memory_shared_bytes'),
  gauge('memoryLimit', 'bytes', "Most of the machine's memory that it may take.", 'memory_limit_bytes', {
    nullWhen: 'nobody set a limit',
  }),
];

const heat = (): readonly Field<GpuReading>[] => [
  gauge('power', 'watts', 'Power of the GPU.', 'power_watts', { otel: { name: 'hw.power', attributes: { 'hw.type': 'gpu' } } }),
  gauge('powerLimit', 'watts', 'Most power that it may take.', 'power_limit_watts'),
  counter('energy', 'joules', 'Energy that it took since its driver was loaded.', 'energy_joules', {
    name: 'hw.energy',
    attributes: { 'hw.type': 'gpu' },
  }),
  gauge('temperature', 'celsius', 'Temperature of the GPU.', 'temperature_celsius', {
    otel: { name: 'hw.temperature', attributes: { 'hw.type': 'gpu' } },
  }),
  gauge('fan', 'ratio', 'Speed of its fan as a share of the highest.', 'fan_ratio', {
    nullWhen: 'it has no fan, or its driver does not tell',
    otel: { name: 'hw.fan.speed_ratio' },
  }),
  gauge('fanSpeed', 'rpm', 'Speed of its fan.', 'fan_rpm', { nullWhen: 'it has no fan, or its driver does not tell' }),
];

type StateRow = GpuState & { readonly id: string };

/** What node_exporter's collector `drm` has of amdgpu, which it labels with the card. */
const drm = (
  key: 'usage' | 'memoryTotal' | 'memoryUsed' | 'memoryShared',
  name: string,
  help: string,
  value?: (row: GpuReading) => number | null,
): Field<GpuReading> => ({
  key,
  kind: 'gauge',
  unit: key === 'usage' ? 'ratio' : 'bytes',
  help,
  nullWhen: SILENT,
  prometheus: { name: `node_drm_${name}`, ...(value ? { value } : {}) },
});

/** Fields of the `gpu` collector. */
export const gpuGroups = (): readonly Group<readonly GpuReading[]>[] => [
  group<readonly GpuReading[], GpuReading>({
    name: 'gpu',
    source: SOURCE,
    rows: (reading) => reading,
    labels: LABELS,
    fields: [...identity(), ...work(), ...memory(), ...heat()],
  }),
  group<readonly GpuReading[], StateRow>({
    name: 'gpu.states',
    json: 'gpu[].states[]',
    source: 'IOReport, channels GPU Performance States (macOS)',
    rows: (reading) => reading.flatMap(({ id, states }) => states.map((state) => ({ ...state, id }))),
    labels: { gpu: 'id', state: 'state' },
    fields: [
      {
        key: 'time',
        kind: 'counter',
        unit: 'seconds',
        help: 'Time for which the GPU was in this state of performance.',
        prometheus: { name: 'hecate_gpu_state_seconds_total' },
      },
      {
        key: 'frequency',
        kind: 'gauge',
        unit: 'hertz',
        help: 'Clock of the GPU in this state.',
        nullWhen: 'nothing runs in it, or its clock is unknown',
        prometheus: { name: 'hecate_gpu_state_clock_hertz' },
      },
      { key: 'active', kind: 'gauge', unit: 'none', help: 'Whether the GPU works in this state.' },
    ],
  }),
  group<readonly GpuReading[], GpuReading>({
    name: 'gpu.drm',
    json: 'gpu[]',
    source: '/sys/class/drm/card*/device, amdgpu only',
    rows: (reading) => reading.filter(({ driver, card }) => driver === 'amdgpu' && card !== null),
    labels: { card: 'card' },
    fields: [
      drm('usage', 'gpu_busy_percent', 'How busy the GPU is, in per cent.', ({ usage }) => (usage === null ? null : usage * 100)),
      drm('memoryTotal', 'memory_vram_size_bytes', 'Memory of the card.'),
      drm('memoryUsed', 'memory_vram_used_bytes', 'Memory of the card in use.'),
      drm('memoryShared', 'memory_gtt_used_bytes', 'Memory of the machine that the card uses.'),
    ],
  }),
];
