/** States in which a core, a cluster or a GPU does not work. */
const ASLEEP = new Set(['IDLE', 'DOWN', 'OFF']);

/** Whether it works in this state. */
export const isActive = (state: string): boolean => !ASLEEP.has(state);

const SECONDS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-9],
  ['us', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
]);

/** Seconds of one unit of residency, by its label (`24Mticks`, `ns`); null for a label that is not known. */
export function secondsPerUnit(label: string | null): number | null {
  const [, ticks] = /^(\d{1,6})Mticks$/.exec(label ?? '') ?? [];
  if (ticks !== undefined) return Number(ticks) > 0 ? 1 / (Number(ticks) * 1e6) : null;
  return SECONDS.get(label ?? '') ?? null;
}
