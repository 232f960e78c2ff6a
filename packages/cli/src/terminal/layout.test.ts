import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fit, layTable, textWidth } from './layout.ts';

describe('textWidth', () => {
  it.each([['', 0], ['abc', 3], ['é', 1], ['é'.normalize('NFD'), 1], ['日本', 4], ['한', 2], ['😀', 2], [`a${String.fromCodePoint(0x200b)}b`, 2], ['█░', 2]])('%j takes %i columns', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('fit', () => {
  it.each([
    ['abc', 5, 'start', 'abc  '], ['abc', 5, 'end', '  abc'], ['abcdef', 4, 'start', 'abc…'], ['abcdef', 4, 'end', 'abc…'],
    ['日本語', 4, 'start', '日… '], ['abc', 0, 'start', ''], ['abc', 1, 'start', '…'], ['', 2, 'start', '  '],
  ] as const)('%j in %i columns, %s: %j', (text, width, align, expected) => expect(fit(text, width, align)).toBe(expected));

  it('has exactly the width that was asked for, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), fc.constantFrom('start', 'end'), (text, width, align) => {
      // Control characters are made printable before a text comes here.
      if (!/[\p{Cc}\p{Cs}]/u.test(text)) expect(textWidth(fit(text, width, align))).toBe(width);
    }));
  });
});

describe('layTable', () => {
  it('aligns, cuts what grows, and trims the end of lines', () => {
    const columns = [{ title: 'n', align: 'end' }, { title: 'name', grows: true }, { title: 'x' }] as const;
    expect(layTable(columns, [['1', 'a rather long name', 'yes'], ['22', 'b', '']], 20)).toEqual([' n  name         x', ' 1  a rather l…  yes', '22  b']);
  });

  it('rows may have fewer cells than there are titles', () => expect(layTable([{ title: 'a' }, { title: 'b' }], [['1']], 80)).toEqual(['a  b', '1']));
});
