// Takes the place of fast-check in `npm run test:search`: every property is tried that many times as often, with new samples.
import * as real from '../../node_modules/fast-check/lib/fast-check.js';

const TIMES = Number(process.env.HECATE_SEARCH);
const USUAL_RUNS = 100;

/** As `fc.assert`, with more runs, which no time limit of their own cuts short. */
export function assert(property, parameters = {}) {
  return real.assert(property, { ...parameters, numRuns: (parameters.numRuns ?? USUAL_RUNS) * TIMES });
}

export * from '../../node_modules/fast-check/lib/fast-check.js';
export default { ...real, assert };
