import type { CoreType, ProcessorLevel } from '../../domain/processor.ts';
import { compareKinds } from './cpu-list.ts';
import type { ListedCpu } from './cpu-list.ts';

const TYPES: Readonly<Record<string, CoreType>> = { Efficiency: 'efficiency', Performance: 'performance', Super: 'super' };

/** What each CPU is made for, by its number. */
export interface CoreTypes {
  readonly types: ReadonlyMap<number, CoreType>;
  /** Why there are none, where there should be some; null otherwise. */
  readonly problem: string | null;
}

/**
 * What each CPU is made for. The device tree has letters, which do not mean the same on every chip (P is the strongest kind, whatever it
 * is called); the levels of the kernel have names, the strongest first, but do not say which CPU they are of. There are as many of one as
 * of the other, in the same order, and their counts must agree: otherwise nothing is said. None where all cores are alike.
 */
export function coreTypesOf(cpus: readonly ListedCpu[], levels: readonly ProcessorLevel[]): CoreTypes {
  const types = new Map<number, CoreType>();
  const kinds = [...new Set(cpus.map(({ kind }) => kind))].toSorted((a, b) => compareKinds(b, a));
  if (kinds.length < 2 && levels.length < 2) return { types, problem: null };
  const wrong = levels.find(({ threads }, level) => threads !== cpus.filter(({ kind }) => kind === kinds[level]).length);
  if (kinds.length !== levels.length || wrong)
    return { types, problem: `The device tree lists ${cpus.length} CPUs of ${kinds.length} kinds, which are not those of hw.perflevelN.` };
  for (const { cpu, kind } of cpus) {
    const type = TYPES[levels[kinds.indexOf(kind)]?.name ?? ''];
    if (type) types.set(cpu, type);
  }
  return { types, problem: null };
}
