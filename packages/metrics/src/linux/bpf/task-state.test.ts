import { expect, test } from 'vitest';
import { stateLetter } from './task-state.ts';

// fs/proc/array.c and include/linux/sched.h: state, exit state, letter.
test.each([
  [0x0, 0x0, 'R'],
  [0x1, 0x0, 'S'],
  [0x2, 0x0, 'D'],
  [0x4, 0x0, 'T'],
  [0x8, 0x0, 't'],
  [0x80, 0x10, 'X'],
  [0x80, 0x20, 'Z'],
  [0x40, 0x0, 'P'],
  [0x402, 0x0, 'I'],
  [0x2402, 0x0, 'I'],
  [0x2001, 0x0, 'S'],
  [0x102, 0x0, 'D'],
  [0x1000, 0x0, 'D'],
  [0x8000, 0x0, 'D'],
  [0x200, 0x0, 'R'],
  [0x104, 0x0, 'T'],
])('state %i with exit state %i is %s', (state, exitState, letter) => {
  expect(String.fromCharCode(stateLetter(state, exitState))).toBe(letter);
});
