import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeRecord } from './record.ts';
import type { JournalRecord } from './record.ts';
import { openJournalStore, parseJournal } from './store.ts';

const begin: JournalRecord = {
  type: 'begin',
  version: 1,
  time: 1,
  boot: 'boot',
  plan: { component: 'test', title: 'test', changes: [] },
  pid: 1,
  started: '1',
  deadline: null,
  replaces: null,
  lease: null,
};
const done = (step: number): JournalRecord => ({ type: 'done', step });
const ended: JournalRecord = { type: 'ended', time: 2 };

let top: string;
let directory: string;
const fileOf = (id: number): string => path.join(directory, `${String(id).padStart(6, '0')}.journal`);

beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'hecate-journal-'));
  directory = path.join(top, 'state', 'journal');
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

describe('the store of journals', () => {
  it('is empty, and makes nothing, before the first record', () => {
    const store = openJournalStore(directory);
    expect(store.ids()).toEqual([]);
    expect(store.read(1)).toEqual({ id: 1, records: [], damaged: 0 });
    expect(existsSync(path.dirname(directory))).toBe(false);
  });

  it('gives back what was appended, also to another store of the same directory', () => {
    const store = openJournalStore(directory);
    store.append(1, begin);
    store.append(1, done(0));
    expect(store.read(1)).toEqual({ id: 1, records: [begin, done(0)], damaged: 0 });
    const second = openJournalStore(directory);
    second.append(1, done(1));
    second.append(2, begin);
    expect(store.ids()).toEqual([1, 2]);
    expect(store.read(1).records).toEqual([begin, done(0), done(1)]);
  });

  it('lets nobody else read, for contents of files may be secret', () => {
    openJournalStore(directory).append(1, begin);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(fileOf(1)).mode & 0o777).toBe(0o600);
  });

  it('never begins one twice: the second of two stores is refused', () => {
    openJournalStore(directory).append(1, begin);
    expect(() => openJournalStore(directory).append(1, begin)).toThrow(expect.objectContaining({ code: 'EEXIST' }));
    expect(openJournalStore(directory).read(1).records).toEqual([begin]);
  });

  it('adds nothing to a journal that has not begun', () => {
    openJournalStore(directory).append(1, begin);
    expect(() => openJournalStore(directory).append(2, done(0))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('sorts by number, and sees nothing but journals', () => {
    const store = openJournalStore(directory);
    for (const id of [2, 10, 1_000_000, 1]) store.append(id, begin);
    for (const name of ['lock', '3.journal', '000004.journal~', 'x000005.journal']) writeFileSync(path.join(directory, name), '');
    expect(store.ids()).toEqual([1, 2, 10, 1_000_000]);
  });

  it.each([1, 5, 12])('writes over a last line that was cut short by %i bytes', (missing) => {
    const store = openJournalStore(directory);
    store.append(1, begin);
    store.append(1, done(0));
    truncateSync(fileOf(1), statSync(fileOf(1)).size - missing);
    // All but its newline: the record counts.
    const kept = missing === 1 ? [begin, done(0)] : [begin];
    expect(store.read(1)).toEqual({ id: 1, records: kept, damaged: 0 });
    store.append(1, done(1));
    expect(store.read(1)).toEqual({ id: 1, records: [...kept, done(1)], damaged: 0 });
    expect(readFileSync(fileOf(1), 'utf8')).toBe([...kept, done(1)].map(encodeRecord).join(''));
  });

  it('counts lines that the disk has damaged, and reads the others', () => {
    const store = openJournalStore(directory);
    for (const record of [begin, done(0), done(1)]) store.append(1, record);
    writeFileSync(fileOf(1), readFileSync(fileOf(1), 'utf8').replace('"step":0', '"step":7'));
    expect(store.read(1)).toEqual({ id: 1, records: [begin, done(1)], damaged: 1 });
    appendFileSync(fileOf(1), Buffer.alloc(40));
    store.append(1, done(2));
    expect(store.read(1)).toEqual({ id: 1, records: [begin, done(1), done(2)], damaged: 1 });
  });

  it('knows which have not ended, whatever their last line is', () => {
    const store = openJournalStore(directory);
    for (const id of [1, 2, 3, 4, 5]) store.append(id, begin);
    for (const id of [2, 3, 4]) store.append(id, ended);
    appendFileSync(fileOf(3), 'torn');
    truncateSync(fileOf(4), statSync(fileOf(4)).size - 1);
    writeFileSync(fileOf(5), '');
    expect(store.live()).toEqual([1, 4, 5]);
    store.append(1, ended);
    expect(store.live()).toEqual([4, 5]);
    expect(openJournalStore(directory).live()).toEqual([4, 5]);
  });

  it('reads whatever a file holds', () => {
    expect(parseJournal(1, '')).toEqual({ id: 1, records: [], damaged: 0 });
    expect(parseJournal(1, '\n\n')).toEqual({ id: 1, records: [], damaged: 2 });
    expect(parseJournal(1, '\0'.repeat(100))).toEqual({ id: 1, records: [], damaged: 0 });
  });
});

describe('pruning', () => {
  const fill = (records: readonly (readonly JournalRecord[])[]): ReturnType<typeof openJournalStore> => {
    const store = openJournalStore(directory);
    for (const [index, all] of records.entries()) for (const record of all) store.append(index + 1, record);
    return store;
  };

  it('removes the oldest that have ended, and nothing that may be in force', () => {
    const store = fill([[begin, ended], [begin], [begin, ended], [begin, done(0)], [begin, ended], [begin, ended]]);
    store.prune(2);
    expect(store.ids()).toEqual([2, 4, 5, 6]);
  });

  it('keeps all when there are not too many', () => {
    const store = fill([
      [begin, ended],
      [begin, ended],
    ]);
    store.prune(2);
    expect(store.ids()).toEqual([1, 2]);
  });

  it('removes leases before what was made to stay', () => {
    const lease = { ...begin, lease: { pid: 7, started: '9' } };
    const store = fill([
      [begin, ended],
      [lease, ended],
      [begin, ended],
      [lease, ended],
      [begin, ended],
    ]);
    store.prune(3);
    expect(store.ids()).toEqual([1, 3, 5]);
  });

  it('never removes the newest, whose number would be given again', () => {
    const store = fill([
      [begin, ended],
      [begin, ended],
    ]);
    store.prune(0);
    expect(store.ids()).toEqual([2]);
  });

  it('keeps one that cannot be read to its end, and removes one that never began', () => {
    const store = fill([
      [begin, ended],
      [begin, ended],
      [begin, ended],
      [begin, ended],
    ]);
    writeFileSync(fileOf(1), '');
    writeFileSync(fileOf(2), 'damaged\n');
    store.prune(1);
    expect(readdirSync(directory).toSorted()).toEqual(['000002.journal', '000004.journal']);
  });
});
