/** No machine has CPUs or nodes with numbers past this; a list that says so is nonsense. */
const MOST = 65_535;

/**
 * A list of CPUs or nodes as the kernel writes it: `0-3,8,10-11`, also with a stride (`0-7:2/4`)
 * (kernel: Documentation/admin-guide/kernel-parameters.rst, cpu lists). Empty is nobody; what is no list is left out.
 */
export function parseCpuList(text: string | null): number[] {
  const numbers: number[] = [];
  for (const part of (text ?? '').trim().split(',')) {
    const match = /^(\d{1,6})(?:-(\d{1,6})(?::(\d{1,6})\/(\d{1,6}))?)?$/.exec(part);
    if (!match) continue;
    const first = Number(match[1]);
    const last = Math.min(Number(match[2] ?? first), MOST);
    const group = Number(match[4] ?? 1);
    const used = Number(match[3] ?? 1);
    if (group === 0) continue;
    for (let number = first; number <= last; number++) if ((number - first) % group < used) numbers.push(number);
  }
  return numbers;
}
