// Mistakes that people make, each at its place: `from` must stand in the file exactly once.
// A subject comes with some of its own, in a file beside this one: what is left out, swapped, counted twice, in the wrong unit, or made up.
import { readdirSync } from 'node:fs';

/** The mistakes of one file: what, the text that is replaced, by what. */
export const list = (file, mutants) => mutants.map(([what, from, to]) => ({ file, what, from, to }));

/** All of them. */
export async function writtenMutants() {
  const files = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.mjs') && file !== 'list.mjs');
  const lists = await Promise.all(files.sort().map((file) => import(`./${file}`)));
  return lists.flatMap(({ mutants }) => mutants);
}
