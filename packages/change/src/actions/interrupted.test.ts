import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WritableHost } from '@hecate/host';
import { holdMachine } from '../shared-machine.testing.ts';
import type { Json } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { isSame } from '../transaction.ts';
import type { ActionPlace, ActionSuite } from './action-contract.testing.ts';
import { openHandlers } from './index.ts';
import { pictureOf } from './tree-picture.testing.ts';

/** What a process that is killed never comes back from. */
class Killed extends Error {}

const WRITES = ['setValue', 'placeFile', 'placeLink', 'removeFile', 'makeDirectory', 'removeDirectory', 'run'] as const;

/** A host whose user is killed in its n-th write, before or after it took place. Programs that only look count as well: they do no harm. */
function mortal(
  host: WritableHost,
  deadly: number,
  when: 'before' | 'after',
): { readonly host: WritableHost; readonly writes: () => number } {
  let writes = 0;
  const wrapped = Object.fromEntries(
    WRITES.map((name) => [
      name,
      (...given: readonly unknown[]): unknown => {
        if (writes >= deadly) throw new Killed();
        const isLast = ++writes === deadly;
        if (isLast && when === 'before') throw new Killed();
        const result = (host[name] as (...given: readonly unknown[]) => unknown)(...given);
        if (!isLast) return result;
        if (!(result instanceof Promise)) throw new Killed();
        return result.then(() => Promise.reject(new Killed()));
      },
    ]),
  );
  return { host: { ...host, ...wrapped }, writes: () => writes };
}

// Some cases change values of this machine.
afterAll(await holdMachine());

// An apply and a restore that are cut short at each of their writes: what is there is known as ours, and comes back byte for byte.
for (const handler of openHandlers().values()) {
  const { suite } = (await import(`./${handler.kind}.cases.testing.ts`)) as { readonly suite: ActionSuite };
  for (const { name, action, missing, open } of suite.cases) {
    describe.skipIf(Boolean(missing))(`${handler.kind}: ${name}${missing ? ` (not here: ${missing})` : ''}`, () => {
      let place: ActionPlace;
      beforeEach(async () => {
        place = await open();
      });
      afterEach(async () => {
        await place.close();
      });
      const picture = (): unknown => place.picture?.() ?? pictureOf(place.host.root);

      test('killed at each write', async () => {
        const before = picture();
        const { host } = place;
        const was = (await handler.current(host, action)) as Json;
        const wanted = await handler.wanted(action, was, host);
        for (const when of ['before', 'after'] as const) {
          for (let deadly = 1, alive = false; !alive; deadly++) {
            alive = await survives(() => handler.apply(mortal(host, deadly, when).host, action, was));
            await recover(handler, place.host, { was, wanted }, deadly);
            expect(picture(), `apply killed ${when} write ${deadly}`).toEqual(before);
            expect(deadly).toBeLessThan(50);
          }
          for (let deadly = 1, alive = false; !alive; deadly++) {
            await handler.apply(host, action, was);
            alive = await survives(() => handler.restore(mortal(host, deadly, when).host, action, was));
            await recover(handler, place.host, { was, wanted }, deadly);
            expect(picture(), `restore killed ${when} write ${deadly}`).toEqual(before);
          }
        }
      });

      /** What the engine does with a change that may have been made. */
      async function recover(
        by: ActionHandler,
        host: WritableHost,
        { was, wanted }: { was: Json; wanted: Json },
        deadly: number,
      ): Promise<void> {
        by.tidy?.(host, action);
        const now = await by.current(host, action);
        if (isSame(now, was)) return;
        expect(by.isOurs?.(now, wanted, was) ?? isSame(now, wanted), `write ${deadly}: ${JSON.stringify(now)} is known as ours`).toBe(true);
        await by.restore(host, action, was);
      }
    });
  }
}

async function survives(work: () => Promise<void> | void): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    return false;
  }
}
