import { setFlagsFromString } from 'node:v8';
import { messageOf } from '@hecate/host';
import { keepMemoryLean } from '@hecate/observe';

/** Versions of Node bring versions of V8, which count in other units. */
const NODE = Number.parseInt(process.versions.node, 10);

/** Node 20 counts bytecode (its own figure is 67,584), and has one compiler less; Node 24 counts calls (400 and 3,000). */
function counts(): readonly string[] {
  if (NODE < 22) return ['--interrupt-budget=700000'];
  return NODE < 24 ? ['--maglev'] : ['--maglev', '--invocation-count-for-maglev=4000', '--invocation-count-for-turbofan=30000'];
}

/**
 * A screen needs machine code, but for what is used much only. V8's own counts are made for programs that are busy: at two pictures a
 * second nearly every function reaches them within minutes, and compiling all of those took as much CPU as all else together. So it is
 * ten times as many. Measured on Node 20 from 67,000 to 3,000,000: least of all took 400,000 to 1,000,000.
 * V8 writes a flag that it does not know to the terminal: each is for a version that has it.
 */
export const FLAGS: readonly string[] = ['--opt', '--sparkplug', ...counts()];

/**
 * Keeps the program small and quiet while the screen is shown: memory as the daemon keeps it, and machine code, which a screen does need,
 * for what is used much. `say` is told what went wrong; all goes on without.
 */
export function keepFrugal(signal: AbortSignal, say: (sentence: string) => void): void {
  keepMemoryLean(signal, (error) => say(`Memory that is not used could not be given back: ${messageOf(error)}`));
  for (const flag of FLAGS) setFlagsFromString(flag);
}
