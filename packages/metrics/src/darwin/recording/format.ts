import { HecateError } from '@hecate/host';

/**
 * What an object of Core Foundation is made of. `{$other: 1}` is one of a kind that nobody knows, and nil of Objective-C; `{$double: 2}` a
 * floating-point number that is whole, where that makes a difference. A dictionary's keys are texts; what a
 * dictionary of the system has under other keys is not told.
 */
export type CfTree = string | number | bigint | boolean | Buffer | readonly CfTree[] | { readonly [key: string]: CfTree };

/** An answer that is refused: what the function gives back, and the errno. Some answers carry a number of their own in `error`. */
export interface Refusal {
  readonly bytes?: Buffer;
  readonly result?: number;
  readonly error?: number;
}

/** An entry of the I/O registry. */
export interface RegistryEntry {
  readonly name: string;
  /** Its class, then those that this is made from: those that were asked about. */
  readonly classes: readonly string[];
  /** The index of its parent in the list of entries. */
  readonly parent?: number;
  readonly properties: CfTree;
  /** What reading its properties gives back; 0 is success. */
  readonly result?: number;
}

/**
 * What a Mac answers at one moment. Keys of `answers` are a function's name and what it is asked: `sysctl:hw.ncpu`,
 * `sysctl:4.17.0.0.6.0`, `host_processor_info:2`, `proc_pidinfo:41:4`. Keys of `trees` are the names of functions that give objects.
 * The same is what the stand-in for macOS of the tests answers.
 */
export interface DarwinAnswers {
  readonly answers?: Readonly<Record<string, Buffer | Refusal>>;
  readonly trees?: Readonly<Record<string, CfTree>>;
  readonly registry?: readonly RegistryEntry[];
  /** Seconds since the epoch. */
  readonly time?: number;
}

/** What was recorded of a Mac: what it answered at each moment, the first one first. */
export interface DarwinRecording {
  /** What its libraries lack: their paths, or symbols. */
  readonly lacks: readonly string[];
  readonly moments: readonly Required<DarwinAnswers>[];
}

/** The version of the format that is written. Others are refused. */
export const FORMAT_VERSION = 1;

/** No recording of a Mac comes near any of these; what does is damaged, or made to do harm. */
const LIMITS = { characters: 256 * 2 ** 20, entries: 500_000, depth: 80, key: 1024, moments: 16 };

const invalid = (what: string): HecateError =>
  new HecateError('INVALID', `This is no recording of a Mac: ${what}.`, { hint: 'Record it again: hecate doctor --record DIRECTORY.' });

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Bytes that are a text with its NUL stand as the text, so that people can read what they send. */
function encodeBytes(bytes: Buffer): { readonly text: string } | { readonly base64: string } {
  const text = bytes.toString('utf8', 0, bytes.length - 1);
  if (bytes.length > 1 && /^[\x20-\x7e\t\n]+$/.test(text) && bytes.at(-1) === 0) return { text };
  return { base64: bytes.toString('base64') };
}

function encodeTree(tree: CfTree): Json {
  if (typeof tree === 'string' || typeof tree === 'boolean') return tree;
  if (typeof tree === 'bigint') return { $integer: String(tree) };
  if (typeof tree === 'number') return Number.isFinite(tree) ? tree : { $real: String(tree) };
  if (Buffer.isBuffer(tree)) return { $data: tree.toString('base64') };
  if (Array.isArray(tree)) return tree.map((one: CfTree) => encodeTree(one));
  const entries = Object.entries(tree).map(([key, one]): [string, Json] => [key, encodeTree(one)]);
  const [only] = entries;
  if (entries.length === 1 && (only![0] === '$other' || (only![0] === '$double' && typeof only![1] === 'number')))
    return { [only![0]]: only![1] };
  return entries.some(([key]) => key.startsWith('$')) ? { $pairs: entries } : Object.fromEntries(entries);
}

/** A recording as the text of a file. */
export function encodeRecording({ lacks, moments }: DarwinRecording): string {
  return `${JSON.stringify(
    {
      format: 'hecate-darwin',
      version: FORMAT_VERSION,
      lacks,
      moments: moments.map(({ time, answers, trees, registry }) => ({
        time,
        answers: Object.entries(answers).map(([key, given]) => {
          if (Buffer.isBuffer(given)) return [key, encodeBytes(given)];
          const { bytes, ...refused } = given;
          return [key, { ...(bytes ? encodeBytes(bytes) : {}), ...refused }];
        }),
        trees: Object.entries(trees).map(([key, tree]) => [key, encodeTree(tree)]),
        registry: registry.map((entry) => ({ ...entry, properties: encodeTree(entry.properties) })),
      })),
    },
    null,
    1,
  )}\n`;
}

/** Counts what is taken from a file, so that nothing grows without end. */
interface Budget {
  entries: number;
}

function take(budget: Budget, depth: number): void {
  if (++budget.entries > LIMITS.entries) throw invalid(`it holds more than ${LIMITS.entries} values`);
  if (depth > LIMITS.depth) throw invalid(`something in it is deeper than ${LIMITS.depth} levels`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${what} is no list`);
  return value as unknown[];
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length > LIMITS.key) throw invalid(`${what} is no text, or a very long one`);
  return value;
}

function integerOf(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value)) throw invalid(`${what} is no integer`);
  return value as number;
}

function base64Of(value: unknown, what: string): Buffer {
  if (typeof value !== 'string' || value.length % 4 !== 0 || !/^[\w+/]*={0,2}$/.test(value) || value.includes('_'))
    throw invalid(`${what} is not written as base64`);
  return Buffer.from(value, 'base64');
}

/** Pairs of a key and a value, each key once, as a dictionary: also of keys that JavaScript knows by another meaning. */
function pairsOf<Value>(value: unknown, what: string, decode: (one: unknown, where: string) => Value): Record<string, Value> {
  const found = new Map<string, Value>();
  for (const pair of listOf(value, what)) {
    const [key, one] = listOf(pair, `an entry of ${what}`);
    const name = textOf(key, `a key of ${what}`);
    if (found.has(name)) throw invalid(`${what} has ${name} twice`);
    found.set(name, decode(one, name));
  }
  return Object.fromEntries(found);
}

function decodeTree(value: unknown, what: string, budget: Budget, depth = 0): CfTree {
  take(budget, depth);
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  const inner = (one: unknown): CfTree => decodeTree(one, what, budget, depth + 1);
  if (Array.isArray(value)) return value.map(inner);
  if (!isObject(value)) throw invalid(`${what} holds a null`);
  const keys = Object.keys(value);
  const [first = ''] = keys;
  if (!first.startsWith('$')) return Object.fromEntries(keys.map((key) => [key, inner(value[key])]));
  if (keys.length > 1) throw invalid(`${what} holds ${first} beside something else`);
  const only = value[first];
  switch (first) {
    case '$other':
      return { $other: 1 };
    case '$double':
      if (typeof only !== 'number') throw invalid(`${what} holds a number that is none`);
      return { $double: only };
    case '$data':
      return base64Of(only, what);
    case '$integer':
      if (typeof only !== 'string' || !/^-?\d{1,20}$/.test(only)) throw invalid(`${what} holds an integer that is none`);
      return BigInt(only);
    case '$real':
      return Number(textOf(only, what));
    case '$pairs':
      return pairsOf(only, what, inner);
    default:
      throw invalid(`${what} holds ${first}, which is not known`);
  }
}

function decodeAnswer(value: unknown, what: string): Buffer | Refusal {
  if (!isObject(value)) throw invalid(`the answer of ${what} is none`);
  const { text, base64, result, error } = value;
  if (text !== undefined && typeof text !== 'string') throw invalid(`the text of ${what} is none`);
  const written = base64 === undefined ? undefined : base64Of(base64, what);
  const bytes = text === undefined ? written : Buffer.from(`${text}\0`);
  if (result === undefined && error === undefined) {
    if (!bytes) throw invalid(`the answer of ${what} is empty`);
    return bytes;
  }
  return {
    ...(bytes ? { bytes } : {}),
    ...(result === undefined ? {} : { result: integerOf(result, `the result of ${what}`) }),
    ...(error === undefined ? {} : { error: integerOf(error, `the error of ${what}`) }),
  };
}

function decodeEntry(value: unknown, place: number, count: number, budget: Budget): RegistryEntry {
  const what = `entry ${place} of the registry`;
  if (!isObject(value)) throw invalid(`${what} is none`);
  const parent = value['parent'] === undefined ? undefined : integerOf(value['parent'], `the parent of ${what}`);
  if (parent !== undefined && (parent < 0 || parent >= count || parent === place)) throw invalid(`the parent of ${what} is not there`);
  return {
    name: textOf(value['name'], `the name of ${what}`),
    classes: listOf(value['classes'], `the classes of ${what}`).map((one) => textOf(one, `a class of ${what}`)),
    ...(parent === undefined ? {} : { parent }),
    properties: decodeTree(value['properties'], what, budget),
    ...(value['result'] === undefined ? {} : { result: integerOf(value['result'], `the result of ${what}`) }),
  };
}

function decodeMoment(value: unknown, budget: Budget): Required<DarwinAnswers> {
  if (!isObject(value)) throw invalid('a moment is none');
  const { time, answers, trees, registry } = value;
  if (typeof time !== 'number' || time < 0) throw invalid('a moment has no time');
  const entries = listOf(registry, 'the registry');
  return {
    time,
    answers: pairsOf(answers, 'the answers', (one, what) => {
      take(budget, 0);
      return decodeAnswer(one, what);
    }),
    trees: pairsOf(trees, 'the trees', (one, what) => decodeTree(one, what, budget)),
    registry: entries.map((one, place) => decodeEntry(one, place, entries.length, budget)),
  };
}

/** What was recorded, of the text of its file. Throws INVALID, with what is wrong, for everything that {@link encodeRecording} does not write. */
export function parseRecording(text: string): DarwinRecording {
  if (text.length > LIMITS.characters) throw invalid(`it has more than ${LIMITS.characters} characters`);
  let file: unknown;
  try {
    file = JSON.parse(text) as Json;
  } catch (error) {
    throw invalid(`it is not written as JSON, or cut (${(error as Error).message})`);
  }
  if (!isObject(file) || file['format'] !== 'hecate-darwin') throw invalid('its format is another one');
  if (file['version'] !== FORMAT_VERSION) {
    throw new HecateError(
      'UNSUPPORTED',
      `This recording has version ${String(file['version'])} of the format; version ${FORMAT_VERSION} is known.`,
      {
        hint: 'Read it with the version of hecate that wrote it, or a newer one.',
      },
    );
  }
  const moments = listOf(file['moments'], 'its moments');
  if (moments.length === 0 || moments.length > LIMITS.moments) throw invalid(`it has ${moments.length} moments`);
  const budget = { entries: 0 };
  return {
    lacks: listOf(file['lacks'], 'what it lacks').map((one) => textOf(one, 'what it lacks')),
    moments: moments.map((one) => decodeMoment(one, budget)),
  };
}
