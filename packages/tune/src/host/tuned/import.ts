import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { HostFacts } from '../facts.ts';
import type { Profile } from '../profile.ts';
import { judgeUnits } from './active-units.ts';
import { plainWords } from './ignored.ts';
import type { Ignored } from './ignored.ts';
import { collectKnobs } from './knob-collection.ts';
import { loadUnits, TUNED_DIRECTORIES } from './load-units.ts';
import { createTunedMachine } from './machine.ts';
import { defineVariables } from './variable-unit.ts';
import { createVariables } from './variables.ts';

/** A profile of tuned as one of ours. */
export interface Imported {
  readonly profile: Profile;
  /** Everything that it says and that our profile does not do, each with the reason. */
  readonly ignored: readonly Ignored[];
}

/** What the import reads. */
export interface ImportOptions {
  /** The machine that the profile is for: much of a profile is decided by it, and the files are read from it. */
  readonly host: Host;
  readonly facts: HostFacts;
  /** Directories of tuned's profiles, the strongest last. Default: tuned's own. */
  readonly directories?: readonly string[];
}

/**
 * Makes a profile of one of tuned's, with all that it includes. Nothing is run and nothing is written; what the profile decides by
 * looking at the machine (its units, wildcards, functions) is decided for this machine. Throws INVALID with place and sentence: no such
 * profile, a file that is none, an assertion that does not hold here, which tuned refuses too.
 */
export function importTuned(name: string, { host, facts, directories = TUNED_DIRECTORIES }: ImportOptions): Imported {
  const machine = createTunedMachine(host, facts);
  const variables = createVariables(machine);
  const { file, main, units, ignored } = loadUnits(name, directories, machine, variables);
  const defined = units.get('variables');
  const unset = defined === undefined ? [] : defineVariables(defined, { machine, variables, directories });
  const judged = judgeUnits(
    [...units.values()].filter((unit) => unit !== defined),
    machine,
    variables.expand,
  );
  const collected = collectKnobs(judged, machine, variables.expand);
  const title = plainWords(main.get('summary')?.value ?? '', MOST_LETTERS) || name;
  const profile: Profile = {
    name: profileName(name),
    title: `tuned: ${name}`,
    summary: `${title.replace(/[.\s]*$/, '')}. Imported from ${file} for this machine.`,
    include: null,
    without: [],
    knobs: collected.knobs,
  };
  const left = [...ignored, ...unset, ...collected.ignored];
  return { profile, ignored: left.map((one) => ({ ...one, why: plainWords(one.why, MOST_LETTERS) })) };
}

const MOST_LETTERS = 500;

/** Ours have names like it: with a word before it that says where it is from, for some of tuned's are called as some of ours. */
function profileName(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (words === '') throw new HecateError('INVALID', `${JSON.stringify(name)} has no letter that the name of a profile could have.`);
  return `tuned-${words}`.slice(0, 64).replace(/-+$/, '');
}
