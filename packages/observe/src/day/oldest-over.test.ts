import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oldestOver } from './oldest-over.ts';

const file = fc.record({ bytes: fc.nat(100), held: fc.boolean() });

test('the oldest go until the rest is within both bounds; what stays is never among them', () => {
  fc.assert(
    fc.property(fc.array(file, { maxLength: 12 }), fc.nat(14), fc.nat(800), (files, most, mostBytes) => {
      const kept = files.map(({ bytes }, index) => ({ name: String(index), bytes }));
      const isHeld = (name: string): boolean => files[Number(name)]!.held;
      const over = oldestOver(kept, { files: most, bytes: mostBytes }, isHeld);
      const left = kept.filter(({ name }) => !over.includes(name));
      const isWithin = (rest: typeof kept): boolean => rest.length <= most && rest.reduce((sum, { bytes }) => sum + bytes, 0) <= mostBytes;
      expect(over.some(isHeld)).toBe(false);
      expect(isWithin(left) || left.every(({ name }) => isHeld(name))).toBe(true);
      // Not one more than it takes: with the last of them it would be too much.
      if (over.length > 0) expect(isWithin(kept.filter(({ name }) => !over.slice(0, -1).includes(name)))).toBe(false);
      expect(over).toEqual(kept.map(({ name }) => name).filter((name) => over.includes(name)));
      expect(over).toEqual(
        kept
          .filter(({ name }) => !isHeld(name))
          .slice(0, over.length)
          .map(({ name }) => name),
      );
    }),
  );
});
