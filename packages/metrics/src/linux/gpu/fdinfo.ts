/** What one open file of a card counts (kernel: Documentation/gpu/drm-usage-stats.rst). */
export interface DrmClient {
  readonly driver: string;
  /** Address of the card; null where it is no PCI device. */
  readonly address: string | null;
  /** Number of the client: files that were handed on share it. */
  readonly client: string;
  /** Seconds of all engines together; null where they are counted in cycles or not at all. */
  readonly time: number | null;
  /** Bytes in the memory of the card; of the machine where it has none of its own. */
  readonly memory: number | null;
}

const NANO = 1e9;
const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** `12 MiB`; bare numbers are bytes. Null for anything else. */
function bytesOf(value: string): number | null {
  const { digits, unit = '' } = /^(?<digits>\d{1,20})(?: (?<unit>[KMG]iB))?$/.exec(value)?.groups ?? {};
  return digits === undefined ? null : Number(digits) * UNITS[unit]!;
}

/** Regions of a card's own memory: `vram`, `vram0`, `local0`. */
const OWN = /^(?:vram|local)\d*$/;

/** Of several kinds of one figure the first that there is: all of a client, then those that are in memory now. */
const MEMORY_KEYS = ['drm-resident-', 'drm-memory-', 'drm-total-'] as const;

function memoryOf(fields: ReadonlyMap<string, string>): number | null {
  for (const prefix of MEMORY_KEYS) {
    const regions = [...fields].flatMap(([key, value]) => {
      const bytes = key.startsWith(prefix) ? bytesOf(value) : null;
      return bytes === null ? [] : [{ region: key.slice(prefix.length), bytes }];
    });
    if (regions.length === 0) continue;
    const own = regions.filter(({ region }) => OWN.test(region));
    return (own.length > 0 ? own : regions).reduce((sum, { bytes }) => sum + bytes, 0);
  }
  return null;
}

/** A file of /proc/PID/fdinfo; null for one that is no card's. */
export function parseDrmClient(text: string): DrmClient | null {
  if (!text.includes('drm-driver:')) return null;
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && line.startsWith('drm-')) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const driver = fields.get('drm-driver');
  const client = fields.get('drm-client-id');
  if (!driver || !client) return null;
  let time: number | null = null;
  for (const [key, value] of fields) {
    const nanoseconds = key.startsWith('drm-engine-') ? /^(\d{1,20}) ns$/.exec(value)?.[1] : undefined;
    if (nanoseconds !== undefined) time = (time ?? 0) + Number(nanoseconds) / NANO;
  }
  return { driver, client, address: fields.get('drm-pdev') || null, time, memory: memoryOf(fields) };
}
