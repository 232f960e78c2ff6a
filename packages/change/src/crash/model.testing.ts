import { THINGS } from './world.testing.ts';
import type { Operation, State, Story } from './world.testing.ts';

/** A change that a transaction holds on top of what was there. */
interface Layer {
  readonly id: number;
  readonly state: State;
}

interface Held {
  readonly id: number;
  readonly component: string;
  readonly replaces: number | null;
  readonly confirmed: boolean;
}

/**
 * What a machine must look like, worked out in another way than the engine does it: each thing is a base with layers on it, one for each
 * transaction that changed it. The top layer is what one sees; rolling back takes a layer out; what others write is a new base.
 */
export interface Model {
  readonly bases: readonly State[];
  readonly layers: readonly (readonly Layer[])[];
  /** Transactions that are not rolled back, oldest first. */
  readonly live: readonly Held[];
}

export const startOf = ({ starts }: Story): Model => ({
  bases: THINGS.map((thing, index) => thing.starts[starts[index]! % thing.starts.length]!),
  layers: THINGS.map(() => []),
  live: [],
});

/** What one sees of the things. */
export const seen = ({ bases, layers }: Model): State[] => bases.map((base, thing) => layers[thing]!.at(-1)?.state ?? base);

/** The model without a transaction. */
export const without = (model: Model, id: number): Model => ({
  ...model,
  layers: model.layers.map((of) => of.filter((layer) => layer.id !== id)),
  live: model.live.filter((held) => held.id !== id),
});

/** Ends what a transaction took the place of. */
function replacing(model: Model, { component, replaces }: Held): Model {
  const over = replaces === null ? [] : model.live.filter((held) => held.component === component && held.id <= replaces);
  return over.reduce((now, { id }) => without(now, id), model);
}

/** The wishes of an operation, each with its thing. */
export const wishesOf = (
  operation: Extract<Operation, { type: 'apply' }>,
): { thing: number; wish: (typeof THINGS)[number]['wishes'][number] }[] =>
  operation.wishes.map(([thing, wish]) => ({ thing, wish: THINGS[thing]!.wishes[wish % THINGS[thing]!.wishes.length]! }));

/** Whether an apply cannot succeed. */
export const isBad = (operation: Operation): boolean =>
  operation.type === 'apply' && wishesOf(operation).some(({ wish }) => wish.bad === true);

/** What others write in place of a thing. */
export function foreign(now: State, serial: number): State {
  return Object.fromEntries(Object.keys(now).map((file) => [file, { text: `foreign ${serial}\n`, mode: 0o644 }]));
}

/** Which thing an operation on one means. */
export const driftOf = (which: number): number => {
  const able = THINGS.flatMap((thing, index) => (thing.drifts ? [index] : []));
  return able[which % able.length]!;
};

/** Which transaction an operation on one means; null when there is none. */
export const heldOf = ({ live }: Model, which: number): Held | null => live[which % Math.max(1, live.length)] ?? null;

/** The model after an operation that went well, as the transaction `id` where it begins one. */
export function after(model: Model, operation: Operation, id: number): Model {
  switch (operation.type) {
    case 'apply': {
      if (isBad(operation)) return model;
      const replaces = operation.replace ? (model.live.findLast(({ component }) => component === operation.component)?.id ?? null) : null;
      const held = { id, component: operation.component, replaces, confirmed: !operation.confirm };
      const layers = model.layers.map((of) => [...of]);
      for (const { thing, wish } of wishesOf(operation)) {
        const now = seen(model)[thing]!;
        const state = wish.gives(now);
        if (layers[thing]!.length > 0 || JSON.stringify(state) !== JSON.stringify(now)) layers[thing]!.push({ id, state });
      }
      const made = { ...model, layers, live: [...model.live, held] };
      return held.confirmed ? replacing(made, held) : made;
    }
    case 'rollBack': {
      const held = heldOf(model, operation.which);
      return held ? without(model, held.id) : model;
    }
    case 'confirm': {
      const held = heldOf(model, operation.which);
      if (!held) return model;
      return replacing({ ...model, live: model.live.map((one) => (one.id === held.id ? { ...one, confirmed: true } : one)) }, held);
    }
    case 'drift': {
      const thing = driftOf(operation.which);
      const state = foreign(seen(model)[thing]!, id);
      const bases = model.bases.map((base, index) => (index === thing ? state : base));
      return { ...model, bases, layers: model.layers.map((of, index) => (index === thing ? [] : of)) };
    }
    case 'expire':
      return expired(model);
  }
}

/** The model after all times for confirmation are over. */
export const expired = (model: Model): Model =>
  model.live.filter(({ confirmed }) => !confirmed).reduce((now, { id }) => without(now, id), model);

/** The model after a power cut and the recovery that follows: values are those of the boot, files stay. */
export function rebooted(model: Model, boot: Model): Model {
  const stays = expired(model);
  return {
    ...stays,
    bases: stays.bases.map((base, thing) => (THINGS[thing]!.volatile ? boot.bases[thing]! : base)),
    layers: stays.layers.map((of, thing) => (THINGS[thing]!.volatile ? [] : of)),
  };
}
