import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { openEngine } from '../engine.ts';
import type { Engine } from '../engine.ts';
import type { Handlers } from '../handler.ts';
import type { Plan } from '../plan.ts';
import { isLive } from '../transaction.ts';
import { createMachine } from './machine.testing.ts';
import type { Entry, Machine, Mishap, Saved } from './machine.testing.ts';
import { after, driftOf, foreign, heldOf, rebooted, seen, startOf, wishesOf, without } from './model.testing.ts';
import type { Model } from './model.testing.ts';
import { DIRECTORIES, kernel, THINGS } from './world.testing.ts';
import type { Operation, State, Story } from './world.testing.ts';

/** Seconds within which a transaction of a story must be confirmed. */
const CONFIRM = 60;

/** A story that has been told up to its last operation: what goes wrong in that is tried over and over. */
export interface Stage {
  readonly machine: Machine;
  readonly handlers: Handlers;
  readonly story: Story;
  readonly saved: Saved;
  readonly last: Operation;
  /** How the machine began. */
  readonly start: Model;
  /** Before the last operation, and after it. */
  readonly before: Model;
  readonly after: Model;
  /** The number that a transaction gets next. */
  readonly id: number;
}

const treeOf = (states: readonly State[]): Record<string, Entry> => {
  const tree: Record<string, Entry> = Object.fromEntries(DIRECTORIES.map((directory) => [directory, { directory: 0o755 }]));
  for (const state of states) for (const [file, entry] of Object.entries(state)) if (entry) tree[file] = entry;
  return tree;
};

/** Entries as text by their path: what a tree must hold and nothing else. */
const printed = (tree: Readonly<Record<string, Entry>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tree)
      .filter(([file]) => file !== '/proc/sys/kernel/random/boot_id')
      .filter(([, entry]) => !('directory' in entry && entry.directory === 0o755))
      .map(([file, entry]) => [file, JSON.stringify(entry)]),
  );

/** What a machine of the model looks like. */
export const pictureOfModel = (model: Model): Record<string, string> => printed(treeOf(seen(model)));
/** What the machine looks like. */
export const pictureOfMachine = (machine: Machine): Record<string, string> => printed(machine.save().tree);

/** A process with an engine of its own over what the machine holds. */
export const startEngine = (
  { machine, handlers }: Pick<Stage, 'machine' | 'handlers'>,
  say: (sentence: string) => void = () => undefined,
): Engine => openEngine({ host: machine.host, store: machine.store, directory: machine.directory, handlers, say });

/** Contents of the files that a reboot brings back, as they were in the beginning. */
export const volatileFiles = ({ start }: Stage): Record<string, string> =>
  Object.fromEntries(
    start.bases
      .filter((_, thing) => THINGS[thing]!.volatile)
      .flatMap((state) => Object.entries(state))
      .flatMap(([file, entry]) => (entry && 'text' in entry ? [[file, entry.text]] : [])),
  );

/** Does an operation; errors are thrown as they come. */
export async function perform(stage: Pick<Stage, 'machine' | 'handlers'>, operation: Operation, model: Model, id: number): Promise<void> {
  const { machine } = stage;
  const engine = startEngine(stage);
  switch (operation.type) {
    case 'apply': {
      const changes = wishesOf(operation).map(({ wish }) => ({
        action: wish.action,
        why: 'It is tried.',
        source: 'test',
        risk: 'live' as const,
      }));
      const plan: Plan = { component: operation.component, title: 'story', changes };
      await engine.apply(plan, { replace: operation.replace, ...(operation.confirm ? { confirm: CONFIRM } : {}) });
      return;
    }
    case 'rollBack':
    case 'confirm': {
      const held = heldOf(model, operation.which);
      if (!held) return;
      if (operation.type === 'confirm') await engine.confirm(held.id);
      else expect((await engine.rollBack(held.id)).failures).toEqual([]);
      return;
    }
    case 'drift':
      writeForeign(machine, model, operation.which, id);
      return;
    case 'expire':
      machine.now += CONFIRM;
      expect((await engine.recover()).flatMap(({ failures }) => failures)).toEqual([]);
  }
}

/** Somebody else writes: not by way of the engine, so nothing goes wrong there. */
function writeForeign(machine: Machine, model: Model, which: number, id: number): void {
  const saved = machine.save();
  const tree: Record<string, Entry> = { ...saved.tree };
  for (const [file, entry] of Object.entries(foreign(seen(model)[driftOf(which)]!, id))) if (entry) tree[file] = entry;
  machine.load({ ...saved, tree });
}

/** Tells a story up to its last operation, and sees to it that all goes as the model says. Null when its last operation is nothing to the engine. */
export async function setStage(story: Story, handlers: Handlers): Promise<Stage | null> {
  const start = startOf(story);
  const machine = createMachine(treeOf(start.bases), kernel);
  const stage = { machine, handlers, story };
  try {
    let model = start;
    const last = story.operations.at(-1)!;
    for (const operation of story.operations.slice(0, -1)) model = await step(stage, operation, model);
    const id = (machine.store.ids().at(-1) ?? 0) + 1;
    const next = after(model, last, id);
    if (last.type === 'drift' || ((last.type === 'confirm' || last.type === 'rollBack') && model.live.length === 0)) {
      machine.remove();
      return null;
    }
    return { ...stage, saved: machine.save(), last, start, before: model, after: next, id };
  } catch (error) {
    machine.remove();
    throw error;
  }
}

async function step(stage: Pick<Stage, 'machine' | 'handlers'>, operation: Operation, model: Model): Promise<Model> {
  const id = (stage.machine.store.ids().at(-1) ?? 0) + 1;
  const next = after(model, operation, id);
  try {
    await perform(stage, operation, model, id);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ROLLED_BACK') throw error;
  }
  expect(pictureOfMachine(stage.machine)).toEqual(pictureOfModel(next));
  return next;
}

/** Performs the last operation with a mishap. Answers how many effects there were, and the code of the error that it ended with. */
export async function playLast(stage: Stage, mishap: Mishap | null): Promise<{ effects: number; code: string | null }> {
  const { machine, saved, last, before, id } = stage;
  machine.now = 1_000_000;
  machine.load(saved);
  machine.expect(mishap);
  let code: string | null = null;
  try {
    await perform(stage, last, before, id);
  } catch (error) {
    code = (error as { code?: string }).code ?? 'Death';
  }
  return { effects: machine.effects, code };
}

/**
 * What must hold when a machine that died has recovered: everything is as before the last operation, or as after it; what is in force is
 * kept; recovering again finds nothing to do; and rolling back all, in any order, leaves what was there before the first operation.
 */
export async function expectWhole(stage: Stage, power = false): Promise<'before' | 'after'> {
  const { machine, start, story } = stage;
  machine.expect(null);
  const engine = startEngine(stage);
  const found = {
    picture: pictureOfMachine(machine),
    live: engine
      .list()
      .filter(isLive)
      .map(({ id }) => id),
  };
  const outcomes = (['after', 'before'] as const).map((outcome) => ({
    outcome,
    model: power ? rebooted(stage[outcome], start) : stage[outcome],
  }));
  const wanted = outcomes.map(({ model }) => ({ picture: pictureOfModel(model), live: model.live.map(({ id }) => id) }));
  // What a reboot took back altogether has ended; what is still in force is up to the kinds of its changes.
  const fits = wanted.findIndex(
    ({ picture, live }) =>
      isDeepStrictEqual(picture, found.picture) &&
      (power ? found.live.every((id) => live.includes(id)) : isDeepStrictEqual(live, found.live)),
  );
  if (fits < 0) expect(found, 'neither before nor after').toEqual(wanted[1]);
  const { outcome, model } = outcomes[fits]!;
  const lost = (await engine.verify()).filter(({ verdict, transaction }) => verdict !== 'kept' && transaction.id === stage.id && !power);
  expect(lost, 'not kept').toEqual([]);
  expect(
    engine
      .list()
      .map(({ damaged }) => damaged)
      .filter(Boolean),
    'damaged lines',
  ).toEqual([]);
  expect(await engine.recover(), 'recovering again').toEqual([]);
  const ended = model.live.filter(({ id }) => !found.live.includes(id));
  await rollBackAll(
    stage,
    ended.reduce((now, { id }) => without(now, id), model),
    story.order,
  );
  return outcome;
}

/** Rolls back all that is in force in an order that a number says, and compares with the model each time. */
async function rollBackAll(stage: Stage, from: Model, order: number): Promise<void> {
  let model = from;
  while (model.live.length > 0) {
    const { id } = model.live[order % model.live.length]!;
    model = without(model, id);
    expect((await startEngine(stage).rollBack(id)).failures).toEqual([]);
    expect(pictureOfMachine(stage.machine), `after rolling back ${id}`).toEqual(pictureOfModel(model));
  }
}
