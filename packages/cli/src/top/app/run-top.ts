import { messageOf } from '@hecate/host';
import type { Session, SessionEnd } from '../../screen/session.ts';
import type { SessionOptions } from '../../screen/session.ts';
import type { InputEvent } from '../../screen/input-event.ts';
import { performAct } from '../process/act.ts';
import { SORT_COLUMNS } from '../process/columns.ts';
import { settleSelection } from '../process/selection.ts';
import type { TopSource, Trail } from '../source.ts';
import type { Command, TopState } from '../state.ts';
import { THEME_NAMES } from '../theme/open-theme.ts';
import type { Picture } from '../view.ts';
import type { Drawing } from './drawing.ts';
import { commandOfInput } from './input-command.ts';
import type { KeyMap } from './keys.ts';
import { createPictures } from './pictures.ts';
import { reduce } from './reduce.ts';
import { settleScroll } from './reduce-list.ts';
import type { Effect, Situation } from './step.ts';

/** What the program is made of. */
export interface TopParts {
  readonly source: TopSource;
  /** Makes the trail of the source: `changed` is called when what was not there has come, `failed` when it cannot come. */
  openTrail(changed: () => void, failed: (error: unknown) => void): Trail;
  readonly keys: KeyMap;
  readonly state: TopState;
  readonly drawing: Drawing;
  readonly unicode: boolean;
  /** Takes the terminal. */
  openSession(listener: Pick<SessionOptions, 'onInput' | 'onResize' | 'onEnd'>): Session;
  /** Who is told what the source has to say from now on. */
  listen(hear: (sentence: string) => void): void;
}

/** Milliseconds that a message stays. */
const MESSAGE = 6000;
/** Milliseconds until who waits for the first scene is told so. */
const WAITING = 700;
/** Milliseconds between two looks at how far back there is anything. */
const EXTENT = 30_000;

/**
 * Runs the screen until it is left; returns why, or null when its user has left it. Rejects with what the source cannot mend, the
 * terminal restored.
 */
export async function runTop(parts: TopParts): Promise<SessionEnd | null> {
  const { source, drawing, keys, unicode } = parts;
  const ending = new AbortController();
  const ended = new Promise<void>((resolve) => ending.signal.addEventListener('abort', () => resolve(), { once: true }));
  let state = parts.state;
  let end: SessionEnd | null = null;
  let extent: { readonly from: number; readonly to: number } | null = null;
  let isDue = false;
  let messageTimer: NodeJS.Timeout | undefined;

  const say = (message: string): void => put({ ...state, message });
  const failed = (error: unknown): void => say(messageOf(error));
  const trail = parts.openTrail(() => redraw(), failed);
  const pictures = createPictures({ source, trail, keys, unicode, changed: () => redraw(), missing: say, failed });

  const put = (next: TopState): void => {
    if (next.message !== state.message) {
      clearTimeout(messageTimer);
      if (next.message !== null) messageTimer = setTimeout(() => put({ ...state, message: null }), MESSAGE);
    }
    state = next;
    redraw();
  };

  /** Many changes at once are one picture. */
  const redraw = (): void => {
    if (isDue || ending.signal.aborted) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      draw();
    });
  };

  const draw = (): void => {
    if (ending.signal.aborted) return;
    const picture = pictures.of(state);
    if (!picture) return;
    drawing.draw(picture, session.size());
    session.show(drawing.grid);
  };

  /** What is not recorded may still be remembered; null: it is not known how far back anything is. */
  const earliest = (): number | null => {
    const oldest = pictures.oldest();
    return extent === null ? oldest : Math.min(extent.from, oldest ?? Infinity);
  };

  const situationOf = (picture: Picture): Situation => {
    const size = session.size();
    const newest = pictures.newest()?.time ?? picture.scene.time;
    return {
      picture,
      page: drawing.page(picture, size),
      mostScroll: drawing.mostScroll(picture, size),
      latest: source.kind === 'replay' ? Math.max(newest, extent?.to ?? 0) : newest,
      earliest: earliest(),
      themes: THEME_NAMES,
      columns: SORT_COLUMNS,
    };
  };

  const perform = async (effect: Effect): Promise<void> => {
    switch (effect.kind) {
      case 'quit':
        return ending.abort();
      case 'suspend':
        return session.suspend();
      case 'redraw':
        return session.forget();
      case 'interval':
        source.interval = effect.seconds;
        return;
      case 'act':
        say(await performAct(source, effect.dialog));
    }
  };

  const take = (command: Command): void => {
    const picture = pictures.of(state);
    if (!picture) {
      // Before there is anything to see, only leaving means something.
      if (command.kind === 'quit' || command.kind === 'back') ending.abort();
      if (command.kind === 'suspend') session.suspend();
      return;
    }
    const step = reduce(state, command, situationOf(picture));
    put(step.state);
    for (const effect of step.effects) perform(effect).catch(failed);
  };

  const onInput = (event: InputEvent): void => {
    const command = commandOfInput(event, keys, state, (x, y) => drawing.grid.markAt(x, y));
    if (command) take(command);
  };

  const session = parts.openSession({
    onInput,
    onResize: redraw,
    onEnd(why) {
      end = why;
      ending.abort();
    },
  });

  /** A new moment of the present: the selection and the list follow it. */
  const settle = (before: Picture | null): void => {
    const now = pictures.of(state);
    if (!now || state.moment !== null || state.frozen) return;
    let next = state;
    if (before) {
      const [was, is] = [before, now].map(({ rows, scene }) => ({ rows, processes: scene.processes }));
      next = settleSelection(next, was!, is!);
    }
    put(settleScroll(next, situationOf(now)));
  };

  const lookBack = async (): Promise<void> => {
    extent = await source.extent();
  };

  const extentTimer = setInterval(() => void lookBack().catch(failed), EXTENT);
  const waiting = setTimeout(() => {
    if (pictures.newest() !== null) return;
    drawing.drawSentence(`Waiting for ${source.label} ...`, session.size());
    session.show(drawing.grid);
  }, WAITING);
  parts.listen(say);
  lookBack().catch(failed);

  const consume = async (): Promise<void> => {
    for await (const scene of source.scenes(ending.signal)) {
      if (ending.signal.aborted) break;
      const before = pictures.of(state);
      pictures.take(scene);
      if (source.kind === 'replay' && state.moment === null) put({ ...state, moment: scene.time });
      settle(before);
      redraw();
    }
    // A recording has given what it has: its user goes through it.
    await ended;
  };

  try {
    // Who leaves does not wait for a look that hangs.
    await Promise.race([consume(), ended]);
  } finally {
    ending.abort();
    session.close();
    clearTimeout(messageTimer);
    clearTimeout(waiting);
    clearInterval(extentTimer);
    parts.listen(() => undefined);
  }
  return end;
}
