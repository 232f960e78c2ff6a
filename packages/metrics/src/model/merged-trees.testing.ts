import { readdirSync } from 'node:fs';
import type { Host } from '@hecate/host';
import { createTree } from '../linux/rooted-tree.testing.ts';
import type { RootedTree, Tree } from '../linux/rooted-tree.testing.ts';
import { finish, isSliced } from './collector.ts';
import { collectGaps, isRefusal } from './gap.ts';
import type { AnyCollector } from './snapshot.ts';

/** A machine of files with the hardware of every fixture tree at once, and of `more`. */
export async function mergedTrees(more: Tree = {}): Promise<RootedTree> {
  const folder = new URL('../linux/trees/', import.meta.url);
  const trees = readdirSync(folder).map(async (file) => (await import(new URL(file, folder).href)) as { tree: Tree });
  return createTree(Object.assign({}, ...(await Promise.all(trees)).map(({ tree }) => tree), more) as Tree);
}

/** What a collector reads; null when it says that it cannot. Any other error is a defect. */
export async function readOf(collector: AnyCollector, host: Host): Promise<unknown> {
  const reader = collector.open(host);
  try {
    const read = reader.read(collectGaps([])) as unknown;
    return isSliced(read) ? finish(read) : await read;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  } finally {
    reader.close();
  }
}
