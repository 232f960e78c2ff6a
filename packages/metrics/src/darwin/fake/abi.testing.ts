import { readFileSync } from 'node:fs';

/** The architectures that Apple's facts are of. */
export const ARCHITECTURES = ['arm64', 'x86_64'] as const;

/** One of {@link ARCHITECTURES}. */
export type Architecture = (typeof ARCHITECTURES)[number];

interface StructFacts {
  readonly size: number;
  readonly leaves: readonly string[];
}

/** What Apple's headers say of a function; null where they say nothing of it but its name. */
export interface FunctionFacts {
  readonly gives: string | null;
  readonly takes: readonly string[] | null;
  readonly variadic?: boolean;
  /** Where the symbol has another name than the function. */
  readonly symbol?: Readonly<Record<Architecture, string>>;
  readonly exportedBy: readonly string[];
}

/** The facts about Apple's interfaces: what `darwin-fake/trim-abi.mjs` made. */
export interface Facts {
  readonly structs: Readonly<Record<string, StructFacts | Readonly<Record<Architecture, StructFacts>>>>;
  readonly functions: Readonly<Record<string, FunctionFacts>>;
  readonly constants: Readonly<Record<string, number | { readonly value: number }>>;
  /** Methods of Objective-C by `CLASS SELECTOR`: what they give, and what they take beside the receiver and the selector. */
  readonly messages: Readonly<Record<string, { readonly gives: string; readonly takes: readonly string[] }>>;
}

/** The facts, read once. */
export const facts: Facts = JSON.parse(readFileSync(new URL('../../../darwin-fake/gen/abi.json', import.meta.url), 'utf8')) as Facts;

/** One field of a structure: bytes from its beginning, bytes of one element, how many there are, how it is to be read. */
export interface Leaf {
  readonly offset: number;
  readonly width: number;
  readonly count: number;
  readonly type: string;
}

/** The layout of a structure by its fields' paths. Throws when the facts have none of that name. */
export function layoutOf(struct: string, architecture: Architecture = 'arm64'): { size: number; leaves: ReadonlyMap<string, Leaf> } {
  const found = facts.structs[struct];
  if (!found) throw new Error(`The facts have no structure ${struct}.`);
  const { size, leaves } = 'size' in found ? found : found[architecture];
  return {
    size,
    leaves: new Map(
      leaves.map((line) => {
        const [path = '', offset, bytes, type = '', count = '1'] = line.split(' ');
        return [path, { offset: Number(offset), width: Number(bytes) / Number(count), count: Number(count), type }];
      }),
    ),
  };
}

/** A value of a field: a number, a text for an array of char, numbers for another array. */
export type FieldValue = number | bigint | string | readonly (number | bigint)[];

function writeInteger(bytes: Buffer, value: number | bigint, at: number, width: number): void {
  const whole = BigInt.asUintN(width * 8, BigInt(value));
  for (let byte = 0; byte < width; byte++) bytes[at + byte] = Number((whole >> BigInt(byte * 8)) & 255n);
}

/**
 * A structure with these fields, as Apple's headers lay it out; nothing of our own tables is in it. What is not named is 0, and gaps between
 * fields are 0xA5, so that a read beside a field shows. Throws for a field that the structure does not have.
 */
export function encode(struct: string, values: Readonly<Record<string, FieldValue>>, architecture: Architecture = 'arm64'): Buffer {
  const { size, leaves } = layoutOf(struct, architecture);
  const bytes = Buffer.alloc(size, 0xa5);
  for (const { offset, width, count } of leaves.values()) bytes.fill(0, offset, offset + width * count);
  for (const [path, value] of Object.entries(values)) {
    const leaf = leaves.get(path);
    if (!leaf) throw new Error(`${struct} has no field ${path}.`);
    if (typeof value === 'string') bytes.write(value, leaf.offset, leaf.count, 'utf8');
    else for (const [index, one] of [value].flat().entries()) writeInteger(bytes, one, leaf.offset + index * leaf.width, leaf.width);
  }
  return bytes;
}

/** A number of Apple's headers by its name there. Throws when the facts have none, or when it differs between the architectures. */
export function constant(name: string): number {
  const found = facts.constants[name];
  if (typeof found !== 'number') throw new Error(`The facts have no number ${name} that is the same everywhere.`);
  return found;
}
