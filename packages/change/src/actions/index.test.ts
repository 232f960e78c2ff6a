import { afterAll } from 'vitest';
import { holdMachine } from '../shared-machine.testing.ts';
import { testAction } from './action-contract.testing.ts';
import type { ActionSuite } from './action-contract.testing.ts';
import { openHandlers } from './index.ts';

// Some cases change values of this machine, and choose others than it has: nobody else may change them meanwhile.
afterAll(await holdMachine());

// A kind of the registry without its cases fails here.
for (const handler of openHandlers().values()) {
  const { suite } = (await import(`./${handler.kind}.cases.testing.ts`)) as { readonly suite: ActionSuite };
  testAction(handler, suite);
}
