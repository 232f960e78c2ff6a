import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { linuxCollectors } from '../linux/index.ts';
import type { RootedTree } from '../linux/rooted-tree.testing.ts';
import type { Group } from './field.ts';
import { jsonPathOf } from './json-path.ts';
import { mergedTrees, readOf } from './merged-trees.testing.ts';

type Row = Readonly<Record<string, unknown>>;

/** Every object that stands at `path`. */
function objectsAt(tree: unknown, path: string): Row[] {
  let values: unknown[] = [tree];
  for (const part of path.split('.')) {
    const name = part.replace(/\[\]$/, '');
    values = values.map((value) => (value as Row)[name]).filter((value) => value !== null && value !== undefined);
    if (part.endsWith('[]')) values = values.flatMap((value) => (Array.isArray(value) ? value : [`${name} is no list`]) as unknown[]);
    else if (values.some(Array.isArray)) return [];
  }
  return values as Row[];
}

/** What a field says of a row, as JSON shows it. */
const shown = (row: Row, group: Group<never>): unknown => JSON.parse(JSON.stringify(group.fields.map(({ key }) => row[key] ?? null)));

/** Where JSON shows an object whose keys are 0, 1, 2, …: a typed array that was not made a list. */
function* columnsIn(value: unknown, where: string): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  const keys = Object.keys(value);
  if (!Array.isArray(value) && keys.length > 0 && keys.every((key, index) => key === String(index))) yield where;
  for (const [key, child] of Object.entries(value)) yield* columnsIn(child, `${where}.${key}`);
}

let everything: RootedTree;
beforeAll(async () => {
  everything = await mergedTrees();
});
afterAll(() => everything.remove());

describe.runIf(process.platform === 'linux')('the JSON path of a group', () => {
  test.each(linuxCollectors.map((collector) => [collector.name, collector] as const))(
    'of %s leads to its rows, with every field under its name',
    async (name, collector) => {
      for (const host of [everything.host, openHost()]) {
        const reading = await readOf(collector, host);
        if (reading === null) continue;
        const tree = JSON.parse(JSON.stringify({ [name]: reading })) as unknown;
        expect([...columnsIn(tree, '')]).toEqual([]);
        for (const group of collector.groups() as readonly Group<never>[]) {
          const path = jsonPathOf(group);
          if (group.open || path === null) continue;
          const objects = objectsAt(tree, path);
          const known = new Set(objects.map((object) => JSON.stringify(shown(object, group))));
          // Not each: some formats have rows more (what could not be blamed on a row of memory chips).
          const rows = [...group.rows(reading as never)].map((row) => JSON.stringify(shown(row as Row, group)));
          // A group of another system has no rows here: its fields lie beside those that all systems have.
          for (const object of rows.length > 0 ? objects : [])
            for (const { key } of group.fields) expect(object, path).toHaveProperty([key]);
          if (rows.length > 0)
            expect(
              rows.some((row) => known.has(row)),
              `${group.name} at ${path}`,
            ).toBe(true);
        }
      }
    },
  );
});
