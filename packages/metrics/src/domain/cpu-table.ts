/** Counters since boot of a table whose columns are CPUs: what /proc/interrupts and /proc/softirqs are. */
export interface CpuTable<Line> {
  /** The kernel's numbers of the CPUs, column by column; offline ones can be missing. */
  readonly cpus: readonly number[];
  /** What each line counts. The object of a line stays the same from one reading to the next while its text does. */
  readonly lines: readonly Line[];
  /** Line by line: `counts[line * cpus.length + column]`. */
  readonly counts: Float64Array;
}

/** The kernel counts in 32 bits here: what fell by more than half of that went once around. */
const AROUND = 2 ** 32;

/** Growth of a counter of 32 bits; null when it started over. */
export function growthOf(before: number, after: number): number | null {
  if (after >= before) return after - before;
  return before < AROUND && before - after > AROUND / 2 ? after - before + AROUND : null;
}

/** Growth between two readings, summed both ways. */
export interface TableGrowth<Line> {
  /** In the order of the later reading; lines that are not in the earlier one are left out. */
  readonly lines: readonly { readonly line: Line; readonly growth: number }[];
  /** By CPU; those that are not in both readings are left out. */
  readonly cpus: readonly { readonly cpu: number; readonly growth: number }[];
}

/** What a table grew by. Lines are the same when their keys are; a counter that started over counts as none. */
export function tableGrowth<Line>(before: CpuTable<Line>, after: CpuTable<Line>, keyOf: (line: Line) => string): TableGrowth<Line> {
  const columns = after.cpus.map((cpu) => before.cpus.indexOf(cpu));
  const perCpu = columns.map(() => 0);
  const lines: { line: Line; growth: number }[] = [];
  let known: Map<string, number> | undefined;
  for (const [index, line] of after.lines.entries()) {
    let was = index;
    if (before.lines[index] !== line) {
      known ??= new Map(before.lines.map((other, at) => [keyOf(other), at]));
      was = known.get(keyOf(line)) ?? -1;
    }
    if (was < 0) continue;
    let growth = 0;
    for (const [column, earlier] of columns.entries()) {
      if (earlier < 0) continue;
      const grown = growthOf(before.counts[was * before.cpus.length + earlier]!, after.counts[index * after.cpus.length + column]!) ?? 0;
      growth += grown;
      perCpu[column]! += grown;
    }
    lines.push({ line, growth });
  }
  const cpus = after.cpus.map((cpu, column) => ({ cpu, growth: perCpu[column]! })).filter((_, column) => columns[column]! >= 0);
  return { lines, cpus };
}

/** Every cell as a row of its own, for formats that have one sample a cell. */
export function* cellsOf<Line extends object>(table: CpuTable<Line>): Generator<Line & { readonly cpu: number; readonly count: number }> {
  for (const [index, line] of table.lines.entries()) {
    for (const [column, cpu] of table.cpus.entries()) yield { ...line, cpu, count: table.counts[index * table.cpus.length + column]! };
  }
}

/** The lines with their counts as plain lists, for JSON. */
export function plainLines<Line extends object>(table: CpuTable<Line>): (Line & { readonly counts: readonly number[] })[] {
  const width = table.cpus.length;
  return table.lines.map((line, index) => ({ ...line, counts: [...table.counts.subarray(index * width, index * width + width)] }));
}
