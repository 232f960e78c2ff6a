import { describe, expect, it } from 'vitest';
import type { JournalRecord } from './journal/record.ts';
import { isInForce, isLive, readTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';

const change = { action: { kind: 'sysfs', path: '/sys/one', value: '1' }, why: 'It is tried.', source: 'test', risk: 'live' } as const;
const begin: JournalRecord = {
  type: 'begin',
  version: 1,
  time: 10,
  boot: 'boot',
  plan: { component: 'test', title: 'test', changes: [change, change] },
  pid: 7,
  started: '70',
  deadline: null,
  replaces: null,
  lease: null,
};
const intent: JournalRecord = { type: 'intent', step: 0, was: '0', wanted: '1', device: null };
const done: JournalRecord = { type: 'done', step: 0 };
const applied: JournalRecord = { type: 'applied', time: 11 };
const undo: JournalRecord = { type: 'undo', time: 12, why: 'It was asked for.' };
const undone: JournalRecord = { type: 'undone', step: 0, fate: 'restored', found: '1' };
const ended: JournalRecord = { type: 'ended', time: 13 };
const read = (...records: JournalRecord[]): Transaction => readTransaction({ id: 1, records, damaged: 0 });

describe('a transaction', () => {
  it.each<[string, JournalRecord[], string]>([
    ['begun', [begin], 'applying'],
    ['in the middle', [begin, intent, done], 'applying'],
    ['applied', [begin, intent, done, applied], 'active'],
    ['applied, to be confirmed', [{ ...begin, deadline: 20 }, intent, done, applied], 'unconfirmed'],
    ['confirmed', [{ ...begin, deadline: 20 }, applied, { type: 'confirmed', time: 12 }], 'active'],
    ['rolled back in part', [begin, intent, done, applied, undo], 'undoing'],
    ['rolled back in part, where the line that says so is damaged', [begin, intent, done, applied, undone], 'undoing'],
    ['rolled back', [begin, intent, done, applied, undo, undone, ended], 'ended'],
  ])('is where its journal says: %s', (_, records, phase) => {
    expect(read(...records).phase).toBe(phase);
    expect(isLive(read(...records))).toBe(phase !== 'ended');
  });

  it.each<[string, JournalRecord[], string, boolean]>([
    ['nothing', [], 'waiting', false],
    ['that it was so already', [{ type: 'same', step: 0, was: '1', device: null }], 'same', true],
    ['what it wanted to do', [intent], 'begun', true],
    ['that it is done', [intent, done], 'done', true],
    ['that it is done, without what was before', [done], 'waiting', false],
    ['that it is half restored', [intent, done, { type: 'restore', steps: [0] }], 'begun', true],
    ['that it is restored', [intent, done, undone], 'restored', false],
    ['that it is half restored, because it was never applied wholly', [intent, done, undo], 'begun', true],
    ['that it is being rolled back', [intent, done, applied, undo], 'done', true],
    ['that it was half restored, after it was restored', [intent, done, undone, { type: 'restore', steps: [0] }], 'restored', false],
  ])('has a step of which the journal says %s', (_, records, state, inForce) => {
    const [step, other] = read(begin, ...records).steps;
    expect(step?.state).toBe(state);
    expect(isInForce(step!)).toBe(inForce);
    expect(other?.state).toBe('waiting');
  });

  it('restores what it inherited', () => {
    expect(read(begin, intent, done, { type: 'inherit', step: 0, was: 'older' }).steps[0]).toMatchObject({
      state: 'done',
      was: 'older',
      wanted: '1',
    });
  });

  it('tells the first reason for which it was rolled back, and when it ended', () => {
    const { why, ended: end, began } = read(begin, undo, { ...undo, why: 'Another.' }, ended);
    expect({ why, end, began }).toEqual({ why: 'It was asked for.', end: 13, began: 10 });
  });

  it('is not disturbed by a step that its plan does not have', () => {
    expect(read(begin, { ...intent, step: 9 }).steps).toHaveLength(2);
  });

  it('is not known when its beginning is damaged, and when a newer hecate wrote it', () => {
    expect(() => read(intent, done)).toThrow(expect.objectContaining({ code: 'FAILED', message: expect.stringContaining('no beginning') }));
    expect(() => read()).toThrow(expect.objectContaining({ code: 'FAILED' }));
    const newer = { ...begin, version: 2 } as unknown as JournalRecord;
    expect(() => read(newer)).toThrow(expect.objectContaining({ code: 'FAILED', message: expect.stringContaining('does not know') }));
  });
});
