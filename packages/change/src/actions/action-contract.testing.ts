import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { Action, Json } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { badActions } from './bad-actions.testing.ts';
import type { ActionShape } from './bad-actions.testing.ts';
import { pictureOf } from './tree-picture.testing.ts';

/** A machine on which an action is done and undone. */
export interface ActionPlace {
  readonly host: WritableHost;
  /** Everything that the action may change, byte for byte. Default: all that lies under the root of a rooted host. */
  readonly picture?: () => unknown;
  /** Removes what `open` made. */
  readonly close: () => void | Promise<void>;
}

/** One thing that a kind can do, on a machine where it can be done and is not done yet. */
export interface ActionCase<A extends Action = Action> {
  readonly name: string;
  readonly action: A;
  /** Why it cannot be done here: it is skipped, and says so. */
  readonly missing?: string | null;
  /** Makes the machine, anew for each test. */
  readonly open: () => ActionPlace | Promise<ActionPlace>;
}

/**
 * What the contract needs to know of a kind. `<kind>.cases.testing.ts` exports one as `suite`; `index.test.ts` runs it for every handler
 * of the registry.
 */
export interface ActionSuite<A extends Action = Action> {
  /** What its properties may hold, so that everything else is tried and must be refused. */
  readonly shape: ActionShape;
  readonly cases: readonly [ActionCase<A>, ...ActionCase<A>[]];
}

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What every kind of action must do, run for each member of the registry. */
export function testAction<A extends Action>(handler: ActionHandler<A>, { shape, cases }: ActionSuite<A>): void {
  describe(`the ${handler.kind} action`, () => {
    test.each(cases.map((one) => [one.name, one.action] as const))(
      '%s: is read from what JSON says of it, and names itself',
      (_name, action) => {
        expect(handler.parse(throughJson<Readonly<Record<string, unknown>>>({ ...action }))).toEqual(action);
        expect(handler.target(action)).toMatch(/^[^\n]+$/);
        expect(handler.target(throughJson(action))).toBe(handler.target(action));
        expect(handler.describe(action)).toMatch(/^[^\n]+$/);
        expect(handler.sideEffect?.(action) ?? 'None.').toMatch(/^[^\n]+\.$/);
      },
    );

    test.each(badActions(cases[0].action, shape))('refuses %s with a sentence', (_name, raw) => {
      const refusal = refusalOf(() => handler.parse(raw));
      expect(refusal.code).toBe('INVALID');
      expect(refusal.message).toMatch(/^[^\n\0]{10,400}\.$/);
    });

    for (const one of cases) testCase(handler, one);
  });
}

function refusalOf(act: () => unknown): HecateError {
  try {
    act();
  } catch (error) {
    if (error instanceof HecateError) return error;
    throw error;
  }
  return expect.fail('nothing was refused');
}

function testCase<A extends Action>(handler: ActionHandler<A>, { name, action, missing, open }: ActionCase<A>): void {
  if (missing) console.warn(`SKIPPED: the ${handler.kind} action, ${name}: ${missing}`);
  describe.skipIf(Boolean(missing))(name, () => {
    let place: ActionPlace;
    beforeEach(async () => {
      place = await open();
    });
    afterEach(async () => {
      await place.close();
    });
    const picture = (): unknown => {
      if (place.picture) return place.picture();
      if (place.host.kind === 'real') return expect.fail('a case on the real machine says what it changes: it needs a picture');
      return pictureOf(place.host.root);
    };
    const current = async (): Promise<Json> => handler.current(place.host, action);
    /** What the engine knows before it writes. */
    const prepare = async (): Promise<{ was: Json; wanted: Json }> => {
      const was = await current();
      const wanted = await handler.wanted(action, was, place.host);
      await handler.check(place.host, action, was);
      return { was: throughJson(was), wanted: throughJson(wanted) };
    };

    test('looking changes nothing, says the same twice, and JSON can hold it', async () => {
      const before = picture();
      const { was, wanted } = await prepare();
      expect(wanted, 'the case changes something').not.toEqual(was);
      expect(await current()).toEqual(was);
      expect(JSON.stringify(await current())).toBe(JSON.stringify(was));
      const device = handler.device?.(place.host, action) ?? null;
      expect(throughJson(device)).toEqual(device);
      expect(picture()).toEqual(before);
    });

    test('what is applied reads as wanted, and is wanted no more', async () => {
      const { was, wanted } = await prepare();
      await handler.apply(place.host, action, was);
      const now = await current();
      expect(JSON.stringify(now)).toBe(JSON.stringify(wanted));
      expect(JSON.stringify(await handler.wanted(action, now, place.host))).toBe(JSON.stringify(now));
      await handler.restore(place.host, action, was);
    });

    test.each([
      ['once', 1, 1],
      ['twice', 2, 1],
      ['never', 0, 1],
      ['once, and restored twice', 1, 2],
    ])('applied %s it is restored byte for byte', async (_name, applied, restored) => {
      const before = picture();
      const { was } = await prepare();
      for (let time = 0; time < applied; time++) await handler.apply(place.host, action, was);
      for (let time = 0; time < restored; time++) {
        handler.tidy?.(place.host, action);
        await handler.restore(place.host, action, was);
      }
      expect(JSON.stringify(await current())).toBe(JSON.stringify(was));
      expect(picture()).toEqual(before);
    });
  });
}
