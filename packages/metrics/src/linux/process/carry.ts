/** Counters that are read in turns: the last reading of each row, and the one before it. NaN where there was none. */
export interface TurnedColumns {
  readonly values: readonly Float64Array[];
  /** When they were read. */
  readonly time: Float64Array;
  readonly earlierValues: readonly Float64Array[];
  readonly earlierTime: Float64Array;
}

/**
 * Takes over what a pass gave of such counters, for `length` rows: where `given` holds a number in a row, that is a new reading of
 * `time`, and the one before becomes the earlier; where it is NaN, both stay. `rowOf` tells the row of the same process in `before`,
 * -1 where there is none; null when all rows are as they were.
 */
export function carryTurned(
  given: readonly Float64Array[],
  time: Float64Array,
  length: number,
  before: TurnedColumns | null,
  rowOf: Int32Array | null,
): TurnedColumns {
  const [first] = given as [Float64Array];
  let isGiven = false;
  for (let row = 0; row < length && !isGiven; row++) isGiven = !Number.isNaN(first[row]!);
  // Nothing new and nobody moved: nothing is copied.
  if (before && !rowOf && !isGiven) return before;
  const make = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  const turned = { values: given.map(make), time: make(), earlierValues: given.map(make), earlierTime: make() };
  for (let row = 0; row < length; row++) {
    const was = before ? (rowOf ? rowOf[row]! : row) : -1;
    const isNew = !Number.isNaN(first[row]!);
    if (isNew) turned.time[row] = time[row]!;
    if (was < 0) {
      if (isNew) for (let i = 0; i < given.length; i++) turned.values[i]![row] = given[i]![row]!;
      continue;
    }
    if (isNew) turned.earlierTime[row] = before!.time[was]!;
    else {
      turned.time[row] = before!.time[was]!;
      turned.earlierTime[row] = before!.earlierTime[was]!;
    }
    for (let i = 0; i < given.length; i++) {
      turned.values[i]![row] = isNew ? given[i]![row]! : before!.values[i]![was]!;
      turned.earlierValues[i]![row] = isNew ? before!.values[i]![was]! : before!.earlierValues[i]![was]!;
    }
  }
  return turned;
}
