import { THEME_NAMES } from '../theme/open-theme.ts';
import { SORT_COLUMNS } from '../process/columns.ts';
import type { Command, TopState } from '../state.ts';
import type { TopSource } from '../source.ts';
import { NOON, pictureOf, processesOf } from '../view/picture.testing.ts';
import { createRowsMaker } from '../process/process-rows.ts';
import { reduce } from './reduce.ts';
import type { Situation, Step } from './step.ts';

/** An actor that must not be asked: reducing asks nobody. */
const ACTOR: TopSource['actor'] = {
  signal: () => Promise.reject(new Error('Nobody was to be asked.')),
  setNice: () => Promise.reject(new Error('Nobody was to be asked.')),
};

/** A screen with thirty processes, of which ten are seen. */
export function situationOf(
  state: Partial<TopState> = {},
  {
    source = {},
    processes = 30,
    ...more
  }: Partial<Situation> & { readonly source?: Partial<TopSource>; readonly processes?: number | null } = {},
): Situation {
  const scene = { processes: processes === null ? null : processesOf(processes) };
  const made = pictureOf({ state, scene });
  const rows = createRowsMaker()(scene.processes, { ...made.state, sort: 'pid', descending: false }, true, NOON);
  const picture = { ...made, rows, source: { ...made.source, actor: ACTOR, ...source } };
  return {
    ...{ picture, page: 10, mostScroll: 7, latest: NOON, earliest: NOON - 86_400, themes: THEME_NAMES, columns: SORT_COLUMNS },
    ...more,
  };
}

/** What commands come to, one after the other, each at what the one before left. */
export function after(situation: Situation, ...commands: readonly Command[]): Step {
  let step: Step = { state: situation.picture.state, effects: [] };
  for (const command of commands) {
    step = reduce(step.state, command, { ...situation, picture: { ...situation.picture, state: step.state } });
  }
  return step;
}

/** The process with this number of {@link situationOf}. */
export const processKey = (pid: number): { readonly pid: number; readonly startedAfterBoot: number } => ({
  pid,
  startedAfterBoot: (pid - 1) * 3,
});

/** The same command, many times. */
export function times(count: number, command: Command): Command[] {
  return Array.from({ length: count }, () => command);
}
