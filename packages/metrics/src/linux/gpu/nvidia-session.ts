import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { GapSink } from '../../model/gap.ts';
import { isSuspended, maySleep } from './card.ts';
import { addressOf } from './nvidia-device.ts';
import { askNumber, loadNvml, NVML_SUCCESS, numberRoom } from './nvml.ts';
import type { Nvml } from './nvml.ts';

/** More devices than any machine has. */
const MOST_DEVICES = 64;
/** Seconds until a library that refused is started again: it does after an update, until the driver is new too. */
const RETRY = 30;

/** The library while it is open, and the devices that it knows. */
export interface NvidiaSession {
  readonly nvml: Nvml;
  readonly devices: readonly { readonly id: string; readonly handle: bigint }[];
}

/** What opens and closes the library as the cards allow. */
export interface NvidiaSessions {
  /** Calls `ask` with the library while no card sleeps; null, and a gap, otherwise. `ids` are the addresses of all cards. */
  use<Result>(field: string, gaps: GapSink, ids: readonly string[], ask: (session: NvidiaSession) => Result): Result | null;
  close(): void;
}

/** Directory of a device by its address. */
export const deviceOf = (id: string): string => `/sys/bus/pci/devices/${id}`;

/** Starts the library. Throws UNAVAILABLE where there is none, FAILED where it refuses. */
function start(host: Host): NvidiaSession {
  const nvml = loadNvml(host);
  if (!nvml) throw new HecateError('UNAVAILABLE', 'There is no libnvidia-ml.so.1 beside its driver.');
  const result = nvml.call('nvmlInit_v2');
  if (result !== NVML_SUCCESS) throw new HecateError('FAILED', `nvmlInit_v2 answered ${result}.`);
  const count = Math.min(MOST_DEVICES, askNumber(nvml, 'nvmlDeviceGetCount_v2') ?? 0);
  const devices = Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    // One that this user may not ask, or that fell off the bus, is left out.
    if (nvml.call('nvmlDeviceGetHandleByIndex_v2', index, numberRoom) !== NVML_SUCCESS) return [];
    const handle = numberRoom.readBigUInt64LE(0);
    return [{ id: addressOf(nvml, handle) ?? `nvidia${index}`, handle }];
  });
  return { nvml, devices };
}

/**
 * Opens nothing yet. While a card sleeps the library is given back, for an open one wakes all cards and keeps them awake; where a card
 * may sleep, it is closed after each use.
 */
export function openNvidiaSessions(host: Host): NvidiaSessions {
  let session: NvidiaSession | null = null;
  let refusal: { readonly error: HecateError; readonly until: number } | null = null;
  const close = (): void => {
    if (session) session.nvml.call('nvmlShutdown');
    session = null;
  };
  function begin(): NvidiaSession {
    const now = host.clock.monotonic();
    if (refusal && now < refusal.until) throw refusal.error;
    try {
      return start(host);
    } catch (error) {
      if (error instanceof HecateError) refusal = { error, until: now + RETRY };
      throw error;
    }
  }
  return {
    use(field, gaps, ids, ask) {
      if (ids.some((id) => isSuspended(host, deviceOf(id)) === true)) {
        close();
        gaps.add(field, 'suspended', 'A card of NVIDIA sleeps, and its library would wake it.');
        return null;
      }
      try {
        session ??= begin();
        return ask(session);
      } catch (error) {
        if (!(error instanceof HecateError)) throw error;
        gaps.addError(field, error);
        return null;
      } finally {
        if (ids.some((id) => maySleep(host, deviceOf(id)))) close();
      }
    },
    close,
  };
}
