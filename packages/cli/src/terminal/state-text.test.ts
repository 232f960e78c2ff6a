import { describe, expect, it } from 'vitest';
import { stateText, turnText } from './state-text.ts';

describe('a state for people', () => {
  it.each([
    ['60', 'vm.swappiness', '60'],
    [null, '', 'none'],
    [true, '', 'on'],
    [false, '', 'off'],
    [12, '', '12'],
    ['', '', 'empty'],
    ['268435456', 'vm.dirty_bytes', '256 MiB'],
    ['268435456', 'vm.max_map_count', '268435456'],
    ['4096', 'vm.dirty_bytes', '4096'],
    [1073741824, 'size', '1 GiB'],
    ['one\ntwo\n', '', '2 lines'],
    ['one\n', '', 'one'],
    ['\u001b[31mred', '', '\\x1b[31mred'],
    [['a', 'b'], '', 'a b'],
    [[], '', 'none'],
    [{ loaded: true, parameters: null }, '', 'loaded on, parameters none'],
  ])('%j of %j is %j', (state, name, text) => expect(stateText(state, name)).toBe(text));

  it('tells a turn by what differs', () => {
    expect(turnText('60', '10')).toBe('60 -> 10');
    expect(turnText(null, { a: 1 })).toBe('none -> a 1');
    expect(
      turnText(
        { 'vm.dirty_ratio': '20', 'vm.dirty_bytes': '0', kept: '1' },
        { 'vm.dirty_ratio': '0', 'vm.dirty_bytes': '1073741824', kept: '1' },
      ),
    ).toBe('dirty_ratio 20 -> 0, dirty_bytes 0 -> 1 GiB');
  });
});
