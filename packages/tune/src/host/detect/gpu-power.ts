import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { GpuFacts, GpuPower } from '../facts.ts';
import type { Look } from './look.ts';

/** Seconds that NVIDIA's program may take: a GPU that nobody keeps ready is set up first. */
const TIMEOUT = 5;

const MICROWATTS = 1e6;

/** Figures that make sense together; null for others, such as the `[N/A]` of a GPU whose limit is fixed. */
function powerOf([limit, defaultLimit, least, most]: readonly (number | null)[], file: string | null): GpuPower | null {
  if (!limit || !defaultLimit || typeof least !== 'number' || !most) return null;
  return least >= 0 && limit > 0 && defaultLimit >= least && most >= defaultLimit ? { limit, defaultLimit, least, most, file } : null;
}

/** amdgpu's limit (kernel: Documentation/gpu/amdgpu/thermal.rst, `power1_cap`; Documentation/hwmon/sysfs-interface.rst: microwatts). */
function readAmd(look: Look, card: string): GpuPower | null {
  const [monitor] = look.names(`${card}/device/hwmon`, /^hwmon\d{1,4}$/);
  if (monitor === undefined) return null;
  const file = `${card}/device/hwmon/${monitor}/power1_cap`;
  const watts = ['', '_default', '_min', '_max'].map((end) => {
    const microwatts = look.number(file + end);
    return microwatts === null ? null : microwatts / MICROWATTS;
  });
  return powerOf(watts, file);
}

/** An address on PCI in one form: NVIDIA's program writes the domain with eight digits, and capital letters. */
function parseAddress(text: string): string {
  const [, domain, rest] = /^([\da-f]{4,8}):([\da-f]{2}:[\da-f]{2}\.[0-7])$/.exec(text.trim().toLowerCase()) ?? [];
  return domain === undefined ? '' : `${Number.parseInt(domain, 16)}:${rest}`;
}

const QUERY = 'pci.bus_id,power.limit,power.default_limit,power.min_limit,power.max_limit';

/** What NVIDIA's program says of its GPUs, by address: nvidia-smi(1), `--query-gpu`. Empty when it is not there, or fails. */
async function askNvidia(host: Host): Promise<ReadonlyMap<string, GpuPower | null>> {
  try {
    const { status, stdout } = await host.run(['nvidia-smi', `--query-gpu=${QUERY}`, '--format=csv,noheader,nounits'], {
      timeout: TIMEOUT,
    });
    const rows = (status === 0 ? stdout : '').split('\n').map((line) => line.split(','));
    const watts = (cell: string): number | null => (/^\s*\d{1,6}(?:\.\d{1,6})?\s*$/.test(cell) ? Number(cell) : null);
    return new Map(rows.map(([address = '', ...cells]) => [parseAddress(address), powerOf(cells.map(watts), null)]));
  } catch (error) {
    if (!(error instanceof HecateError)) throw error;
    return new Map();
  }
}

const isNvidias = ({ vendor, driver, address }: GpuFacts): boolean => vendor === 'nvidia' && driver === 'nvidia' && address !== null;

/**
 * The GPUs with the limits of their power. A GPU that sleeps (kernel: Documentation/power/runtime_pm.rst, `runtime_status`) is not
 * asked, for that wakes it; NVIDIA's program asks all of its GPUs, so it is run only while none of them sleeps.
 */
export async function readGpuPower(look: Look, host: Host, gpus: readonly GpuFacts[]): Promise<GpuFacts[]> {
  const sleeps = ({ address }: GpuFacts): boolean => look.text(`/sys/bus/pci/devices/${address}/power/runtime_status`) === 'suspended';
  const nvidias = gpus.filter(isNvidias);
  const said = nvidias.length === 0 || nvidias.some(sleeps) ? null : await askNvidia(host);
  return gpus.map((gpu) => {
    if (isNvidias(gpu)) return { ...gpu, power: said?.get(parseAddress(gpu.address!)) ?? null };
    return { ...gpu, power: gpu.driver === 'amdgpu' && gpu.card !== null && !sleeps(gpu) ? readAmd(look, gpu.card) : null };
  });
}
