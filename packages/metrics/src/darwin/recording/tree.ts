import type { Darwin } from '../binding/darwin.ts';
import { readCfValue } from '../core-foundation/value.ts';
import type { CfValue } from '../core-foundation/value.ts';
import type { CfTree } from './format.ts';

/** Whether a tree is a dictionary. */
export const isDictionary = (tree: CfTree | undefined): tree is Readonly<Record<string, CfTree>> =>
  typeof tree === 'object' && !Array.isArray(tree) && !Buffer.isBuffer(tree);

/** What is of a kind that nobody knows stays to be seen as that. */
function treeOf(value: CfValue): CfTree {
  if (value === null) return { $other: 1 };
  if (typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map((one: CfValue) => treeOf(one));
  return Object.fromEntries(Object.entries(value).map(([key, one]): [string, CfTree] => [key, treeOf(one)]));
}

/** A copy of an object of the machine, with all that is in it; undefined of nothing. Throws FAILED for a text that is no UTF-8. */
export const treeAt = (darwin: Darwin, object: bigint): CfTree | undefined =>
  object === 0n ? undefined : treeOf(readCfValue(darwin, object));
