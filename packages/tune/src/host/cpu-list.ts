const WORD_BITS = 32;

/** CPUs of a list as the kernel writes them: `0-3,8`. Null for anything else. */
export function parseCpuList(list: string): number[] | null {
  if (list.trim() === '') return [];
  const cpus: number[] = [];
  for (const part of list.trim().split(',')) {
    const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
    if (first === undefined) return null;
    for (let cpu = Number(first); cpu <= Number(last ?? first); cpu += 1) cpus.push(cpu);
  }
  return cpus;
}

/** A list with ranges, sorted, neighbours joined, as the kernel writes it: `0-3,8`. */
export function packCpus(cpus: Iterable<number>): string {
  const ranges: [first: number, last: number][] = [];
  for (const cpu of [...new Set(cpus)].sort((one, other) => one - other)) {
    const range = ranges.at(-1);
    if (range !== undefined && range[1] === cpu - 1) range[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

/** A mask of CPUs as /proc/irq has it: hexadecimal words of 32 bits, the highest first, with commas between. */
export function encodeCpuMask(cpus: readonly number[]): string {
  const words = new Uint32Array(Math.floor(Math.max(0, ...cpus) / WORD_BITS) + 1);
  for (const cpu of cpus) words[Math.floor(cpu / WORD_BITS)]! |= 1 << (cpu % WORD_BITS);
  return [...words]
    .toReversed()
    .map((word, index) => word.toString(16).padStart(index === 0 ? 1 : 8, '0'))
    .join(',');
}
