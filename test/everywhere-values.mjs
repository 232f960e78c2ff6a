// What no reading may hold. Shared by the programs that everywhere.test.ts and everywhere-processes.test.ts start.

/** Where -1 is a value. */
const MAY_BE_NEGATIVE = /\.(?:nice|priority|oomScoreAdjust)$/;

/** Reasons that say why a thing cannot be had. `error` says that hecate did not understand: a defect. */
const REASONS = new Set(['unsupported', 'permission', 'absent', 'timeout', 'suspended', 'no-baseline']);

/** Adds to `wrong` where a value holds numbers that are none, or what is neither a value nor null. */
export function wrongIn(value, path, wrong) {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) wrong.push(`${path} is ${value}`);
    else if (value === -1 && !MAY_BE_NEGATIVE.test(path)) wrong.push(`${path} is -1`);
  } else if (value === undefined) wrong.push(`${path} is undefined`);
  else if (Array.isArray(value)) value.forEach((one, index) => wrongIn(one, `${path}.${index}`, wrong));
  else if (typeof value?.toJSON === 'function') wrongIn(value.toJSON(), path, wrong);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) wrongIn(one, `${path}.${key}`, wrong);
  }
  return wrong;
}

/** Gaps that do not say why in a word of the model and a sentence. */
export const improperGaps = (gaps) => gaps.filter(({ reason, detail }) => !REASONS.has(reason) || detail.length < 5);
