import type { Host } from '@hecate/host';
import { countOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** What each line of vm_stat(1) is called here. */
const LINES = {
  free: 'Pages free',
  active: 'Pages active',
  inactive: 'Pages inactive',
  speculative: 'Pages speculative',
  throttled: 'Pages throttled',
  wired: 'Pages wired down',
  purgeable: 'Pages purgeable',
  faults: '"Translation faults"',
  copyOnWrite: 'Pages copy-on-write',
  zeroFilled: 'Pages zero filled',
  reactivated: 'Pages reactivated',
  purged: 'Pages purged',
  fileBacked: 'File-backed pages',
  anonymous: 'Anonymous pages',
  compressed: 'Pages stored in compressor',
  compressor: 'Pages occupied by compressor',
  decompressions: 'Decompressions',
  compressions: 'Compressions',
  pageIns: 'Pageins',
  pageOuts: 'Pageouts',
  swapIns: 'Swapins',
  swapOuts: 'Swapouts',
} as const;

/** Counts of vm_stat(1): pages that are now so, and events since boot; null for a line that is not there. `free` is without `speculative`. */
export type VmStat = Readonly<Record<keyof typeof LINES, number | null>> & {
  /** Bytes of a page. */
  readonly pageSize: number;
};

const KEYS = new Map(Object.entries(LINES).map(([key, label]) => [label as string, key]));

/** Reads what `vm_stat` prints. Lines that it does not know are passed over. Throws FAILED where no line is known. */
export function parseVmStat(text: string): VmStat {
  const pageSize = countOf(/\(page size of (\d+) bytes\)/.exec(text)?.[1]);
  const found: Record<string, number | null> = Object.fromEntries(Object.keys(LINES).map((key) => [key, null]));
  let lines = 0;
  for (const line of text.split('\n')) {
    // A truncated line has lost its point, and with it perhaps digits.
    const [, label, count] = /^(.+?): *(\d+)\.\s*$/.exec(line) ?? [];
    const key = KEYS.get(label ?? '');
    if (key === undefined) continue;
    found[key] = countOf(count);
    lines++;
  }
  if (!pageSize || lines === 0) throw notUnderstood('vm_stat', text);
  return { ...(found as Record<keyof typeof LINES, number | null>), pageSize };
}

/** What vm_stat(1) counts now. Throws as {@link askProgram} and {@link parseVmStat}. */
export async function readVmStat(host: Host): Promise<VmStat> {
  return parseVmStat(await askProgram(host, { argv: ['/usr/bin/vm_stat'] }));
}
