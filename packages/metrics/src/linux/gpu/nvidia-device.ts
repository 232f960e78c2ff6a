import { nativeBuffer } from '@hecate/host';
import type { GpuProcess } from '../../domain/gpu-processes.ts';
import { askNumber, NVML_INSUFFICIENT_SIZE, NVML_LAYOUT, NVML_SUCCESS, numberRoom } from './nvml.ts';
import type { Nvml, NvmlSymbol } from './nvml.ts';
import type { Told } from './drivers.ts';

const MEGA = 1e6;
/** Milliwatts, millijoules. */
const THOUSAND = 1000;
/** `NVML_TEMPERATURE_GPU`, `NVML_CLOCK_GRAPHICS`, `NVML_CLOCK_MEM`. */
const TEMPERATURE_GPU = 0;
const CLOCK_GRAPHICS = 0;
const CLOCK_MEMORY = 2;

const text = nativeBuffer(96);
const structure = nativeBuffer(NVML_LAYOUT.pci.size + 4);
/** Encoder and decoder say over which period too. */
const period = nativeBuffer(8);

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
const hertz = (megahertz: number | null): number | null => (megahertz === null ? null : megahertz * MEGA);
const ofThousands = (value: number | null): number | null => (value === null ? null : value / THOUSAND);
const share = (percent: number | null): number | null => (percent === null || percent > 1000 ? null : Math.min(1, percent / 100));

function askText(nvml: Nvml, symbol: NvmlSymbol, device: bigint): string | null {
  if (nvml.call(symbol, device, text, text.length) !== NVML_SUCCESS) return null;
  const end = text.indexOf(0);
  return text.toString('utf8', 0, end < 0 ? text.length : end) || null;
}

function askMemory(nvml: Nvml, device: bigint): Told {
  const { memory, memoryTwo } = NVML_LAYOUT;
  structure.writeUInt32LE((memoryTwo.size | (2 << 24)) >>> 0, memoryTwo.version);
  const layout =
    nvml.call('nvmlDeviceGetMemoryInfo_v2', device, structure) === NVML_SUCCESS
      ? memoryTwo
      : nvml.call('nvmlDeviceGetMemoryInfo', device, structure) === NVML_SUCCESS
        ? memory
        : null;
  if (!layout) return {};
  return {
    memoryTotal: Number(structure.readBigUInt64LE(layout.total)),
    memoryUsed: Number(structure.readBigUInt64LE(layout.used)),
  };
}

function askUtilization(nvml: Nvml, device: bigint): Told {
  const { utilization } = NVML_LAYOUT;
  if (nvml.call('nvmlDeviceGetUtilizationRates', device, structure) !== NVML_SUCCESS) return {};
  return { usage: share(structure.readUInt32LE(utilization.gpu)), memoryUsage: share(structure.readUInt32LE(utilization.memory)) };
}

/** The busier one of its encoder and decoder. */
function askMedia(nvml: Nvml, device: bigint): number | null {
  const found = (['nvmlDeviceGetEncoderUtilization', 'nvmlDeviceGetDecoderUtilization'] as const).flatMap((symbol) =>
    nvml.call(symbol, device, numberRoom, period) === NVML_SUCCESS ? [numberRoom.readUInt32LE(0)] : [],
  );
  return found.length === 0 ? null : share(Math.max(...found));
}

/** Its address as the kernel writes it: `0000:01:00.0`; null when it does not say. */
export function addressOf(nvml: Nvml, device: bigint): string | null {
  const { pci } = NVML_LAYOUT;
  if (nvml.call('nvmlDeviceGetPciInfo_v3', device, structure) !== NVML_SUCCESS) return null;
  const at = (offset: number): number => structure.readUInt32LE(offset);
  return `${hex(at(pci.domain), 4)}:${hex(at(pci.bus), 2)}:${hex(at(pci.device), 2)}.0`;
}

/** What a device tells. Each of these may be missing: of a laptop its fan, of a part of a card (MIG) how busy it is. */
export function askDevice(nvml: Nvml, device: bigint): Told {
  const clock = (symbol: NvmlSymbol, kind: number): number | null => hertz(askNumber(nvml, symbol, device, kind));
  const hasEnergy = nvml.call('nvmlDeviceGetTotalEnergyConsumption', device, numberRoom) === NVML_SUCCESS;
  const energy = hasEnergy ? Number(numberRoom.readBigUInt64LE(0)) / THOUSAND : null;
  return {
    name: askText(nvml, 'nvmlDeviceGetName', device),
    uuid: askText(nvml, 'nvmlDeviceGetUUID', device),
    cores: askNumber(nvml, 'nvmlDeviceGetNumGpuCores', device),
    ...askUtilization(nvml, device),
    mediaUsage: askMedia(nvml, device),
    unified: false,
    ...askMemory(nvml, device),
    frequency: clock('nvmlDeviceGetClockInfo', CLOCK_GRAPHICS),
    maxFrequency: clock('nvmlDeviceGetMaxClockInfo', CLOCK_GRAPHICS),
    memoryFrequency: clock('nvmlDeviceGetClockInfo', CLOCK_MEMORY),
    power: ofThousands(askNumber(nvml, 'nvmlDeviceGetPowerUsage', device)),
    powerLimit: ofThousands(askNumber(nvml, 'nvmlDeviceGetEnforcedPowerLimit', device)),
    energy,
    temperature: askNumber(nvml, 'nvmlDeviceGetTemperature', device, TEMPERATURE_GPU),
    fan: share(askNumber(nvml, 'nvmlDeviceGetFanSpeed', device)),
  };
}

/** Processes that a first question has room for; more than this are asked for again. */
const FIRST_ROOM = 64;
const MOST_PROCESSES = 4096;
/** `NVML_VALUE_NOT_AVAILABLE`. */
const NOT_AVAILABLE = 2n ** 64n - 1n;

function listProcesses(nvml: Nvml, symbol: NvmlSymbol, device: bigint): Buffer {
  const { size } = NVML_LAYOUT.process;
  for (let room = FIRST_ROOM; room <= MOST_PROCESSES; room *= 2) {
    const rows = nativeBuffer(room * size);
    numberRoom.writeUInt32LE(room, 0);
    const result = nvml.call(symbol, device, numberRoom, rows);
    if (result === NVML_SUCCESS) return rows.subarray(0, Math.min(room, numberRoom.readUInt32LE(0)) * size);
    if (result !== NVML_INSUFFICIENT_SIZE) break;
  }
  return Buffer.alloc(0);
}

/**
 * The processes that compute or draw on a device, each once. `isRunning` tells whether there is such a process: one release of the driver
 * (535) had rows of another length, which makes numbers of processes that are none.
 */
export function listDeviceProcesses(nvml: Nvml, gpu: string, device: bigint, isRunning: (pid: number) => boolean): GpuProcess[] {
  const { size, pid: pidAt, usedMemory } = NVML_LAYOUT.process;
  const found = new Map<number, GpuProcess>();
  for (const symbol of ['nvmlDeviceGetComputeRunningProcesses_v3', 'nvmlDeviceGetGraphicsRunningProcesses_v3'] as const) {
    const rows = listProcesses(nvml, symbol, device);
    for (let at = 0; at < rows.length; at += size) {
      const pid = rows.readUInt32LE(at + pidAt);
      const memory = rows.readBigUInt64LE(at + usedMemory);
      if (found.has(pid) || !isRunning(pid)) continue;
      found.set(pid, { gpu, pid, name: null, time: null, memory: memory === NOT_AVAILABLE ? null : Number(memory) });
    }
  }
  return [...found.values()];
}
