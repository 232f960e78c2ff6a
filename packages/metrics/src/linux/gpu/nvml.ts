import { librariesOf, nativeBuffer } from '@hecate/host';
import type { Host } from '@hecate/host';

/** NVIDIA's management library, as the dynamic linker finds it. */
export const NVML_PATH = 'libnvidia-ml.so.1';

/** What is called of it (nvml.h): each gives an `nvmlReturn_t`. A device is a pointer. */
export const NVML = {
  nvmlInit_v2: [],
  nvmlShutdown: [],
  nvmlDeviceGetCount_v2: ['memory'],
  nvmlDeviceGetHandleByIndex_v2: ['u32', 'memory'],
  nvmlDeviceGetClockInfo: ['pointer', 'i32', 'memory'],
  nvmlDeviceGetComputeRunningProcesses_v3: ['pointer', 'memory', 'memory'],
  nvmlDeviceGetDecoderUtilization: ['pointer', 'memory', 'memory'],
  nvmlDeviceGetEncoderUtilization: ['pointer', 'memory', 'memory'],
  nvmlDeviceGetEnforcedPowerLimit: ['pointer', 'memory'],
  nvmlDeviceGetFanSpeed: ['pointer', 'memory'],
  nvmlDeviceGetGraphicsRunningProcesses_v3: ['pointer', 'memory', 'memory'],
  nvmlDeviceGetMaxClockInfo: ['pointer', 'i32', 'memory'],
  nvmlDeviceGetMemoryInfo: ['pointer', 'memory'],
  nvmlDeviceGetMemoryInfo_v2: ['pointer', 'memory'],
  nvmlDeviceGetName: ['pointer', 'memory', 'u32'],
  nvmlDeviceGetNumGpuCores: ['pointer', 'memory'],
  nvmlDeviceGetPciInfo_v3: ['pointer', 'memory'],
  nvmlDeviceGetPowerUsage: ['pointer', 'memory'],
  nvmlDeviceGetTemperature: ['pointer', 'i32', 'memory'],
  nvmlDeviceGetTotalEnergyConsumption: ['pointer', 'memory'],
  nvmlDeviceGetUUID: ['pointer', 'memory', 'u32'],
  nvmlDeviceGetUtilizationRates: ['pointer', 'memory'],
} as const;

/** Name of a function of the library. */
export type NvmlSymbol = keyof typeof NVML;

/** `nvmlReturn_t` of a call that did what it was asked. */
export const NVML_SUCCESS = 0;
/** `nvmlReturn_t` where the room is too small. */
export const NVML_INSUFFICIENT_SIZE = 7;
/** `nvmlReturn_t` where the driver lacks a function; ours where the library does. */
export const NVML_FUNCTION_NOT_FOUND = 13;

/** Offsets and sizes of nvml.h, in bytes; the same on every architecture of 64 bits. */
export const NVML_LAYOUT = {
  /** `nvmlUtilization_t`: both in per cent. */
  utilization: { size: 8, gpu: 0, memory: 4 },
  /** `nvmlMemory_t`. */
  memory: { size: 24, total: 0, free: 8, used: 16 },
  /** `nvmlMemory_v2_t`; its version is its size and 2 << 24. What the driver keeps for itself is apart. */
  memoryTwo: { size: 40, version: 0, total: 8, reserved: 16, free: 24, used: 32 },
  /** `nvmlPciInfo_t`. */
  pci: { size: 68, domain: 16, bus: 20, device: 24 },
  /** `nvmlProcessInfo_t`. */
  process: { size: 24, pid: 0, usedMemory: 8 },
} as const;

/** The library, called by name. */
export interface Nvml {
  /** What the function gives back; NVML_FUNCTION_NOT_FOUND where this version has none of that name. */
  call(symbol: NvmlSymbol, ...given: readonly unknown[]): number;
}

/** The library of a machine; null where it has none. Throws UNAVAILABLE where native calls are not possible, as to one that is only files. */
export function loadNvml(host: Host): Nvml | null {
  const library = librariesOf(host).load(NVML_PATH);
  if (!library) return null;
  const functions = new Map<NvmlSymbol, ((...given: readonly unknown[]) => unknown) | null>();
  return {
    call(symbol, ...given) {
      let found = functions.get(symbol);
      if (found === undefined) functions.set(symbol, (found = library.function(symbol, { gives: 'i32', takes: NVML[symbol] })));
      return found ? (found(...given) as number) : NVML_FUNCTION_NOT_FOUND;
    },
  };
}

/** Room for one number of 4 or 8 bytes. */
export const numberRoom: Buffer = nativeBuffer(8);

/** A number of 32 bits that a function writes; null when it does not. What stands before the room are its arguments. */
export function askNumber(nvml: Nvml, symbol: NvmlSymbol, ...given: readonly unknown[]): number | null {
  return nvml.call(symbol, ...given, numberRoom) === NVML_SUCCESS ? numberRoom.readUInt32LE(0) : null;
}
