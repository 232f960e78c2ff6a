import { addressAt, memoryAt, numberAt, textAt } from '../lesson.ts';
import type { Lesson, Lessons, Replayed } from '../lesson.ts';
import { OBJECT_KINDS } from '../objects.ts';
import type { ReplayedObject } from '../objects.ts';
import { APPLE } from '../../apple-numbers.ts';

type Kind = ReplayedObject['kind'];
type OfKind<Wanted extends Kind> = Extract<ReplayedObject, { readonly kind: Wanted }>;

/** The object that is given first, of this kind; null for another one. */
function objectOf<Wanted extends Kind>(machine: Replayed, given: readonly unknown[], kind: Wanted): OfKind<Wanted> | null {
  const object = machine.objects.at(addressAt(given, 0));
  return object?.kind === kind ? (object as OfKind<Wanted>) : null;
}

const idOf = (kind: Kind): number => OBJECT_KINDS.indexOf(kind) + 1;
const typeId = (kind: Kind): Lesson => ({ answer: () => idOf(kind) });

/** An integer of 64 bits, as C makes one of a number. */
const integerOf = (number: number | bigint): bigint =>
  BigInt.asIntN(64, typeof number === 'bigint' ? number : BigInt(Math.trunc(number) || 0));

/** Writes a number as one of the types of CFNumber.h that are asked for; false for others. */
function writeNumber(number: number | bigint, type: number, into: Buffer): boolean {
  switch (type) {
    case APPLE.kCFNumberSInt64Type:
      into.writeBigInt64LE(integerOf(number), 0);
      return true;
    case APPLE.kCFNumberFloat64Type:
      into.writeDoubleLE(Number(number), 0);
      return true;
    default:
      return false;
  }
}

/** Nothing of Core Foundation is written down: an object is, by the function that made it. Here it answers of what they made. */
export const CORE_FOUNDATION_LESSONS: Lessons = {
  CFArrayGetCount: { answer: (machine, given) => objectOf(machine, given, 'array')?.items.length ?? 0 },
  CFArrayGetTypeID: typeId('array'),
  CFArrayGetValueAtIndex: { answer: (machine, given) => objectOf(machine, given, 'array')?.items[numberAt(given, 1)] ?? 0n },
  CFBooleanGetTypeID: typeId('boolean'),
  CFBooleanGetValue: { answer: (machine, given) => Number(objectOf(machine, given, 'boolean')?.yes ?? false) },
  CFDataGetBytePtr: { answer: (machine, given) => objectOf(machine, given, 'data')?.at ?? 0n },
  CFDataGetLength: { answer: (machine, given) => objectOf(machine, given, 'data')?.bytes.length ?? 0 },
  CFDataGetTypeID: typeId('data'),
  CFDictionaryCreate: {
    answer({ objects }, given) {
      const entries = Array.from({ length: numberAt(given, 3) }, (_, index): [string, { key: bigint; value: bigint }] => {
        const key = objects.retain(memoryAt(given, 1)!.readBigUInt64LE(index * 8));
        return [objects.textOf(key), { key, value: objects.retain(memoryAt(given, 2)!.readBigUInt64LE(index * 8)) }];
      });
      return objects.add({ kind: 'dictionary', entries: new Map(entries) });
    },
  },
  CFDictionaryCreateMutableCopy: {
    answer({ objects }, given) {
      const was = objects.at(addressAt(given, 2));
      if (was?.kind !== 'dictionary') return 0n;
      for (const { key, value } of was.entries.values()) {
        objects.retain(key);
        objects.retain(value);
      }
      return objects.add({ kind: 'dictionary', entries: new Map(was.entries) });
    },
  },
  CFDictionaryGetCount: { answer: (machine, given) => objectOf(machine, given, 'dictionary')?.entries.size ?? 0 },
  CFDictionaryGetKeysAndValues: {
    answer(machine, given) {
      const keys = memoryAt(given, 1);
      const values = memoryAt(given, 2);
      let at = 0;
      for (const { key, value } of objectOf(machine, given, 'dictionary')?.entries.values() ?? []) {
        keys?.writeBigUInt64LE(key, at);
        values?.writeBigUInt64LE(value, at);
        at += 8;
      }
    },
  },
  CFDictionaryGetTypeID: typeId('dictionary'),
  CFDictionaryGetValue: { answer: ({ objects }, given) => objects.valueOf(addressAt(given, 0), objects.textOf(addressAt(given, 1))) },
  CFGetTypeID: {
    answer({ objects }, given) {
      const object = objects.at(addressAt(given, 0));
      return object ? idOf(object.kind) : 0;
    },
  },
  CFNumberCreate: {
    answer({ objects }, given) {
      const [type, value] = [numberAt(given, 1), memoryAt(given, 2)!];
      if (type === APPLE.kCFNumberSInt32Type) return objects.make(value.readInt32LE(0));
      if (type === APPLE.kCFNumberSInt64Type) return objects.make(value.readBigInt64LE(0));
      return type === APPLE.kCFNumberFloat64Type ? objects.make(value.readDoubleLE(0)) : 0n;
    },
  },
  CFNumberGetTypeID: typeId('number'),
  CFNumberGetValue: {
    answer(machine, given) {
      const number = objectOf(machine, given, 'number')?.number;
      return Number(number !== undefined && writeNumber(number, numberAt(given, 1), memoryAt(given, 2)!));
    },
  },
  CFNumberIsFloatType: {
    answer(machine, given) {
      const number = objectOf(machine, given, 'number')?.number;
      return Number(typeof number === 'number' && !Number.isSafeInteger(number));
    },
  },
  CFRelease: { answer: ({ objects }, given) => objects.release(addressAt(given, 0)) },
  CFStringCreateWithCString: { answer: ({ objects }, given) => objects.make(textAt(given, 1)) },
  CFStringGetCString: {
    answer(machine, given) {
      const text = objectOf(machine, given, 'text')?.text;
      const bytes = Buffer.from(`${text ?? ''}\0`);
      if (text === undefined || bytes.length > numberAt(given, 2)) return 0;
      memoryAt(given, 1)!.fill(0, 0, numberAt(given, 2));
      bytes.copy(memoryAt(given, 1)!);
      return 1;
    },
  },
  CFStringGetLength: { answer: (machine, given) => objectOf(machine, given, 'text')?.text.length ?? 0 },
  CFStringGetMaximumSizeForEncoding: { answer: (_machine, given) => numberAt(given, 0) * 3 },
  CFStringGetTypeID: typeId('text'),
};
