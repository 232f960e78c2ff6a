import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { CommandAction } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { needPrograms, runTool } from './program.ts';
import { expectProperties, lineOf, quote } from './raw-action.ts';
import type { RawAction } from './raw-action.ts';
import { linesOf } from './raw-values.ts';

type Argv = readonly [string, ...string[]];

/** Seconds that a look may take, and a change. */
const PROBE_TIMEOUT = 10;
const CHANGE_TIMEOUT = 60;
/** The most bytes of a state: it goes into the journal. */
const MOST_STATE_BYTES = 4096;

/**
 * Programs that do and undo something. They are started with exactly their arguments: there is no shell. The last
 * resort: what happens between the two answers of the probe is known to the programs alone, so `undo` is run only where the probe
 * says what `do` leads to, and must lead back to what it said before.
 */
export const command: ActionHandler<CommandAction> = {
  kind: 'command',
  persists: false,
  parse(raw) {
    expectProperties(raw, 'command', ['name', 'do', 'undo', 'probe', 'wanted']);
    return {
      kind: 'command',
      name: lineOf(raw, 'name', 'command'),
      do: argvOf(raw, 'do'),
      undo: argvOf(raw, 'undo'),
      probe: argvOf(raw, 'probe'),
      wanted: wantedOf(raw),
    };
  },
  target: ({ name }) => name,
  describe: ({ name }) => name,
  sideEffect: ({ do: argv }) => `It runs ${quote(argv.join(' '))}.`,
  current: (host, { probe }) => probeState(host, probe),
  wanted: ({ wanted }) => wanted,
  check: (host, action) => needPrograms(host, action.probe[0], action.do[0], action.undo[0]),
  async apply(host, action) {
    await runTool(host, action.do, { timeout: CHANGE_TIMEOUT });
  },
  async restore(host, action, was) {
    if ((await probeState(host, action.probe)) === was) return;
    await runTool(host, action.undo, { timeout: CHANGE_TIMEOUT });
  },
};

async function probeState(host: WritableHost, probe: Argv): Promise<string> {
  return (await runTool(host, probe, { timeout: PROBE_TIMEOUT, maxBytes: MOST_STATE_BYTES })).trim();
}

/** A program by its absolute path or its name on PATH, with its arguments. */
function argvOf(raw: RawAction, name: 'do' | 'undo' | 'probe'): [string, ...string[]] {
  const argv = linesOf(raw, name, 'command');
  const [program] = argv;
  if (/^[\w.+][\w.+-]*$/.test(program) && !/^\.+$/.test(program)) return argv;
  if (program.startsWith('/') && !program.split('/').includes('..')) return argv;
  throw new HecateError('INVALID', `The program of ${name} must be an absolute path or a name, and is ${quote(program)}.`);
}

/** As the probe's output is compared: without white space around it. */
function wantedOf(raw: RawAction): string {
  const wanted = lineOf(raw, 'wanted', 'command');
  if (wanted !== wanted.trim()) throw new HecateError('INVALID', `The wanted state ${quote(wanted)} has white space around it.`);
  return wanted;
}
