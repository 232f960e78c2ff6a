// Mutants that are made of the declarations: each offset, each width, each argument of each prototype, each number of Apple's headers.
import { readFileSync, readdirSync } from 'node:fs';

const WIDER = {
  u8: 'u16',
  i8: 'u16',
  u16: 'u32',
  u32: 'u64',
  i32: 'u64',
  u64: 'u32',
  i64: 'i32',
  pointer: 'u32',
  memory: 'u32',
  text: 'u32',
  created: 'u32',
  void: 'u64',
  object: 'u64',
};

/** One mutant for each match: `change` gives what stands in its place, or null for none. */
function mutate(root, file, pattern, what, change) {
  const text = readFileSync(`${root}/${file}`, 'utf8');
  return [...text.matchAll(pattern)].flatMap((match) => {
    const to = change(match.groups);
    if (to === null) return [];
    return [{ file, what: `${what}: ${match[0].trim()} as ${to.trim()}`, at: match.index, from: match[0], to }];
  });
}

/** All of them, for the sources below `root` (packages/metrics/src/darwin). */
export function generatedMutants(root) {
  const filesIn = (folder) =>
    readdirSync(`${root}/${folder}`)
      .filter((file) => !file.endsWith('.test.ts'))
      .map((file) => `${folder}/${file}`);
  // What declares nothing has no place for a mutant.
  const layouts = filesIn('layout');
  const tables = filesIn('binding');
  const field = /(?<name>\w+): \['(?<c>[^']+)', (?<offset>\d+), '(?<type>\w+)'\]/g;
  const texts = /(?<name>\w+): \['(?<c>[^']+)', (?<offset>\d+), (?<length>\d+)\]/g;
  const prototype = /^ {2}(?<symbol>\w+): \[(?<types>'[^\]]*)\],$/gm;
  const number = /^ {2}(?<name>\w+): (?<value>[\dxa-f_]+),$/gm;
  return [
    ...layouts.flatMap((file) => [
      ...mutate(root, file, field, 'offset', ({ name, c, offset, type }) => `${name}: ['${c}', ${Number(offset) + 4}, '${type}']`),
      ...mutate(root, file, field, 'width', ({ name, c, offset, type }) => `${name}: ['${c}', ${offset}, '${WIDER[type]}']`),
      ...mutate(root, file, texts, 'length', ({ name, c, offset, length }) => `${name}: ['${c}', ${offset}, ${Number(length) + 1}]`),
      ...mutate(root, file, /^ {2}size: (?<size>\d+),$/gm, 'size', ({ size }) => `  size: ${Number(size) + 8},`),
    ]),
    ...tables.flatMap((file) => [
      ...mutate(root, file, prototype, 'result', ({ symbol, types }) => {
        const [gives, ...takes] = types.split(', ');
        const name = gives.slice(1, -1);
        return `  ${symbol}: [${[`'${WIDER[name]}'`, ...takes].join(', ')}],`;
      }),
      ...mutate(root, file, prototype, 'last argument', ({ symbol, types }) => {
        const all = types.split(', ');
        if (all.length < 2) return null;
        return `  ${symbol}: [${[...all.slice(0, -1), `'${WIDER[all.at(-1).slice(1, -1)]}'`].join(', ')}],`;
      }),
      ...mutate(root, file, prototype, 'an argument too many', ({ symbol, types }) => `  ${symbol}: [${types}, 'i32'],`),
      ...mutate(root, file, prototype, 'symbol', ({ symbol, types }) => `  ${symbol}_: [${types}],`),
    ]),
    ...mutate(root, 'apple-numbers.ts', number, 'number', ({ name, value }) => `  ${name}: ${Number(value.replaceAll('_', '')) + 1},`),
  ];
}
