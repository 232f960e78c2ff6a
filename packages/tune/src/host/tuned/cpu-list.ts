/** More than any kernel is built for (NR_CPUS is 8192 at most); a list that goes further is a mistake. */
const MOST_CPUS = 8192;

const ascending = (cpus: Iterable<number>): number[] => [...new Set(cpus)].sort((one, other) => one - other);

/** CPUs of a mask: hexadecimal digits, commas between. Empty for anything else. */
export function maskCpus(mask: string): number[] {
  const digits = mask.replaceAll(',', '').replace(/^0x/i, '');
  if (!/^[0-9a-f]{1,2048}$/i.test(digits)) return [];
  return [...digits]
    .toReversed()
    .flatMap((digit, index) => [0, 1, 2, 3].filter((bit) => (Number.parseInt(digit, 16) >> bit) & 1).map((bit) => index * 4 + bit));
}

/** CPUs of `3` or `0-3`; null for anything else. */
function rangeCpus(range: string): number[] | null {
  const [, first, last] = /^\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?$/.exec(range) ?? [];
  if (first === undefined || Number(last ?? first) >= MOST_CPUS) return null;
  return Array.from({ length: Math.max(0, Number(last ?? first) - Number(first) + 1) }, (_, index) => Number(first) + index);
}

/**
 * CPUs of a list as tuned writes it: `0-3,8`; `^2` or `!2-3` takes away; a mask begins with `0x` and goes on over commas up to
 * an empty part (`0xf,,6`). Empty for anything else.
 */
export function listedCpus(list: string): number[] {
  const added: number[] = [];
  const taken: number[] = [];
  let mask: string | null = null;
  for (const part of [...list.replaceAll(/^['"]+|['"]+$/g, '').split(','), '']) {
    if (mask !== null && part !== '') {
      mask += part;
    } else if (mask !== null) {
      added.push(...maskCpus(mask));
      mask = null;
    } else if (/^0x/i.test(part)) {
      mask = part;
    } else if (part !== '') {
      const isTaken = /^[\^!]/.test(part);
      const cpus = rangeCpus(isTaken ? part.slice(1) : part);
      if (cpus === null) return [];
      if (isTaken) taken.push(...cpus);
      else added.push(...cpus);
    }
  }
  const gone = new Set(taken);
  return ascending(added).filter((cpu) => !gone.has(cpu));
}

/** A mask of whole words of eight digits, the highest first, with commas between. */
export function cpusMask(cpus: readonly number[]): string {
  const words = new Uint32Array(Math.floor(Math.max(0, ...cpus) / 32) + 1);
  for (const cpu of cpus) words[Math.floor(cpu / 32)]! |= 1 << (cpu % 32);
  return [...words]
    .toReversed()
    .map((word) => word.toString(16).padStart(8, '0'))
    .join(',');
}
