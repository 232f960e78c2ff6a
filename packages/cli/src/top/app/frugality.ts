import { setFlagsFromString } from 'node:v8';
import { messageOf } from '@hecate/host';
import { keepMemoryLean } from '@hecate/observe';

/**
 * How much bytecode a function runs through before it is compiled to machine code; V8's own figure is about 130,000 (66,000 in later
 * ones). At two pictures a second nearly every function gets there within a minute, and compiling all of them took as much CPU as all
 * else together. Measured from 130,000 to 3,000,000: least of all in the first minutes from 400,000 to 1,000,000.
 */
const UNTIL_COMPILED = 700_000;

/**
 * Keeps the program small and quiet while the screen is shown: memory as the daemon keeps it, and machine code, which a screen does need,
 * for what is used much. `say` is told what went wrong; all goes on without.
 */
export function keepFrugal(signal: AbortSignal, say: (sentence: string) => void): void {
  keepMemoryLean(signal, (error) => say(`Memory that is not used could not be given back: ${messageOf(error)}`));
  for (const flag of ['--opt', '--sparkplug', `--interrupt-budget=${UNTIL_COMPILED}`]) setFlagsFromString(flag);
}
