import type { Darwin } from '../binding/darwin.ts';

/** Calls `visit` for each element of an array of Core Foundation, which owns them. NULL has none. */
export function mapArray<Result>(
  { coreFoundation: cf }: Darwin,
  array: bigint,
  visit: (element: bigint, index: number) => Result,
): Result[] {
  const length = array === 0n ? 0 : cf.CFArrayGetCount(array);
  return Array.from({ length }, (_, index) => visit(cf.CFArrayGetValueAtIndex(array, index), index));
}
