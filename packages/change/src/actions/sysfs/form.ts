import path from 'node:path';
import { HecateError } from '@hecate/host';
import { quote } from '../raw-action.ts';
import { normaliseValue, valueIn } from '../value-file.ts';

/** One way of writing a value, so that two texts of the same value are the same. */
export interface Form {
  /** What a file says in this form. */
  normalise(text: string): string;
  /** What somebody wants, in the form of a file that holds `was`. Throws INVALID for what cannot be. */
  wanted(value: string, was: string): string;
}

const HEXADECIMAL_MASK = /^(?:0x)?[\da-f]+(?:,[\da-f]{1,8})*$/i;

/** A set of processors as bits: groups of 32 bits from the highest, with commas (bitmap_parse of lib/bitmap.c). */
function normaliseMask(text: string): string {
  const [first = '', ...rest] = text.replace(/^0x/i, '').split(',');
  const bits = BigInt(`0x${first}${rest.map((group) => group.padStart(8, '0')).join('')}`).toString(16);
  return bits.replace(/(?<=[\da-f])(?=(?:[\da-f]{8})+$)/g, ',');
}

const mask: Form = {
  normalise: (text) => (HEXADECIMAL_MASK.test(text.trim()) ? normaliseMask(text.trim()) : valueIn(text)),
  wanted(value) {
    if (HEXADECIMAL_MASK.test(value.trim())) return normaliseMask(value.trim());
    throw new HecateError('INVALID', `${quote(value)} is no mask of processors.`, {
      hint: 'A mask is hexadecimal, as in f or ff,ffffffff.',
    });
  },
};

/** A set of processors as numbers: `0-3,8` (bitmap_parselist of lib/bitmap.c, without its steps). */
const PROCESSOR_LIST = /^\d{1,5}(?:-\d{1,5})?(?:,\d{1,5}(?:-\d{1,5})?)*$/;

/** Brings a list into the form in which the kernel prints it: sorted, neighbours joined. */
function normaliseList(text: string): string {
  const numbers = new Set<number>();
  for (const part of text.trim().split(',')) {
    const [first = 0, last = first] = part.split('-').map(Number);
    for (let number = first; number <= last; number++) numbers.add(number);
  }
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range && range[1] === number - 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Lists of processors, and of nodes. */
export const listForm: Form = {
  normalise: (text) => (PROCESSOR_LIST.test(text.trim()) ? normaliseList(text) : valueIn(text)),
  wanted(value) {
    const isRising = (range: string): boolean => Number(range.split('-')[0]) <= Number(range.split('-').at(-1));
    if (PROCESSOR_LIST.test(value.trim()) && value.trim().split(',').every(isRising)) return normaliseList(value);
    throw new HecateError('INVALID', `${quote(value)} is no list of processors.`, { hint: 'A list is numbers, as in 0-3,8.' });
  },
};

const TRUE = /^(?:y|yes|1|on|true)$/i;
const FALSE = /^(?:n|no|0|off|false)$/i;
const HEXADECIMAL = /^0x[\da-f]{1,16}$/i;
const DECIMAL = /^-?(?:0|[1-9]\d{0,19})$/;
/** Words that files of numbers print and take for no number. */
const NO_NUMBER = /^(?:max|auto|n\/a|none|default|infinity)$/i;

/** Any other file: what it holds says what it takes. */
const plain: Form = {
  normalise(text) {
    const value = valueIn(text);
    return HEXADECIMAL.test(value) ? hexadecimal(value) : value;
  },
  wanted(value, was) {
    const plainly = normaliseValue(value);
    if (was === 'Y' || was === 'N') {
      if (TRUE.test(plainly)) return 'Y';
      if (FALSE.test(plainly)) return 'N';
      throw new HecateError('INVALID', `It is a switch of Y or N, and shall be ${quote(value)}.`);
    }
    const isNumber = HEXADECIMAL.test(plainly) || DECIMAL.test(plainly);
    if (HEXADECIMAL.test(was) && isNumber && !plainly.startsWith('-')) return hexadecimal(plainly);
    if (!DECIMAL.test(was)) return plainly;
    if (isNumber) return BigInt(plainly).toString();
    if ((was === '0' || was === '1') && (TRUE.test(plainly) || FALSE.test(plainly))) return TRUE.test(plainly) ? '1' : '0';
    if (NO_NUMBER.test(plainly) || !/[g-z]/i.test(plainly)) return plainly;
    throw new HecateError('INVALID', `It holds a number (${was}), and shall be ${quote(value)}.`);
  },
};

const hexadecimal = (number: string): string => `0x${BigInt(number).toString(16)}`;

const MASKS = new Set(['smp_affinity', 'default_smp_affinity', 'rps_cpus', 'xps_cpus', 'xps_rxqs', 'cpumask', 'affinity']);
const LISTS = new Set(['smp_affinity_list', 'cpulist', 'rps_cpulist']);

/** The form of a file, by its name. */
export function formOfFile(file: string): Form {
  const name = path.posix.basename(file);
  if (MASKS.has(name)) return mask;
  return LISTS.has(name) ? listForm : plain;
}
