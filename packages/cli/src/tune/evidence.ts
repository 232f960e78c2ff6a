import { learn, proveChanges, renderProof, verdictOf } from '@hecate/tune';
import type { LearnProgress, MeasuringOptions, ProveProgress } from '@hecate/tune';
import { HecateError } from '@hecate/host';
import { clean, createInk, drawPanel, plainLine, widthOf, wrapWords } from '@hecate/observe';
import { openChanges } from '../changes/open.ts';
import type { Changes } from '../changes/open.ts';
import { untilSignal } from '../signals.ts';
import { say } from '../terminal/note.ts';
import { openProgress } from '../terminal/progress.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { parseChanges } from './change-option.ts';
import { proposeProfile } from './host-proposal.ts';
import { createKnobPlanner } from './knob-planner.ts';
import { ownProfileFile, saveProfile } from './own-profile.ts';
import { print } from '../terminal/print.ts';
import type { TuneRequest } from './request.ts';

/** What the two of them measure, and how. One guard serves all the changes that are made for it. */
function measuringOf(changes: Changes, request: TuneRequest, signal: AbortSignal): MeasuringOptions {
  const argv = workloadOf(request);
  const { metric, rounds, force } = request;
  return {
    engine: changes.engine,
    host: changes.host,
    workload: {
      argv,
      ...(metric === undefined ? {} : { metric: { pattern: metric, better: request.higherIsBetter ? 'higher' : 'lower' } }),
    },
    guard: changes.guardLeases,
    signal,
    ...(rounds === undefined ? {} : { rounds }),
    ...(force ? { force } : {}),
  };
}

/** The program that is measured. Throws INVALID when there is none, or two. */
function workloadOf({ action, words, workload }: TuneRequest): readonly [string, ...string[]] {
  const named = workload?.split(/\s+/).filter((word) => word !== '') ?? [];
  const [program, ...args] = words.length > 0 ? words : named;
  if (program !== undefined && (words.length === 0 || workload === undefined)) return [program, ...args];
  throw new HecateError('INVALID', program === undefined ? 'There is no workload to measure.' : 'There are two workloads.', {
    hint: `Write one after two dashes: hecate tune ${action} … -- PROGRAM`,
  });
}

/** `hecate tune prove`: whether changes help a workload. Ends with 1 when they are not proven to. */
export async function provePlan(request: TuneRequest): Promise<void> {
  const changes = openChanges(request);
  const ending = untilSignal();
  const progress = openProgress(process.stderr);
  try {
    const measuring = measuringOf(changes, request, ending.signal);
    const plan = request.change ? parseChanges(request.change, changes.handlers) : (await proposeProfile(changes, request.profile)).plan;
    const proof = await proveChanges({
      ...measuring,
      plan,
      ...(request.keep ? { keep: true } : {}),
      progress: (state) => progress.show(proveText(state)),
    });
    progress.clear();
    if (verdictOf(proof).finding !== 'better') process.exitCode = 1;
    print(request, proof, () => panelText('Proof', renderProof(proof)));
  } finally {
    progress.clear();
    ending.release();
  }
}

/** `hecate tune learn`: searches for settings that help a workload, and keeps what is proven as a profile. Ends with 1 when nothing is. */
export async function learnProfile(request: TuneRequest): Promise<void> {
  const name = request.profile;
  if (name === undefined)
    throw new HecateError('INVALID', 'The profile that is learned needs a name.', { hint: 'Give it one: --profile my-work' });
  const file = ownProfileFile(name, request.force ?? false);
  const changes = openChanges(request);
  const ending = untilSignal();
  const progress = openProgress(process.stderr);
  try {
    const measuring = measuringOf(changes, request, ending.signal);
    const planKnobs = await createKnobPlanner(changes.host, name);
    const { budget } = request;
    const learned = await learn({
      ...measuring,
      name,
      planKnobs,
      ...(budget === undefined ? {} : { budget: { seconds: budget } }),
      progress: (state) => progress.show(learnText(state)),
    });
    progress.clear();
    if (learned.text === null) process.exitCode = 1;
    else saveProfile(file, learned.text);
    print(request, learned.text === null ? learned : { ...learned, file }, () =>
      panelText('Learned', [
        ...(learned.proof ? renderProof(learned.proof) : ['No setting looked better than the machine as it is.']),
        '',
        learned.text === null
          ? 'Nothing is proven to help, so no profile was made.'
          : `Kept as ${file}: hecate tune apply --profile ${name}`,
      ]),
    );
    if (learned.text !== null) say(`Profile ${name} is in ${file}.`);
  } finally {
    progress.clear();
    ending.release();
  }
}

function panelText(title: string, lines: readonly string[]): string {
  const { width, ...look } = terminalOf(process.stdout);
  // A line that fits keeps the blanks that make its columns.
  const wrapped = lines.flatMap((text) => (widthOf(text) <= width - 4 ? [text] : wrapWords(text, width - 4)).map(plainLine));
  return `${drawPanel(createInk(look), title, wrapped, width).join('\n')}\n`;
}

function proveText({ part, target, round, of }: ProveProgress): string {
  const what = part === 'together' ? 'All changes' : part === 'single' ? `Without ${clean(target ?? '')}` : 'The winners';
  return `${what}: ${round === null ? 'warming up' : `round ${round} of at most ${of}`}`;
}

function learnText(state: LearnProgress): string {
  if (state.part === 'proof') return `Proving the best: ${proveText(state.proof)}`;
  const best = state.best === null ? '' : `, best so far ${(state.best * 100).toFixed(1)} %`;
  return `Searching: ${state.runs} runs${best}`;
}
