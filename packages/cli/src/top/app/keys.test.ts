import { expect, test } from 'vitest';
import { pictureOf } from '../view/picture.testing.ts';
import { commandOfKey, DEFAULT_KEYS, keyOf, makeKeyMap } from './keys.ts';
import { NAMED_COMMANDS } from './named-commands.ts';

const state = (some: Parameters<typeof pictureOf>[0] = {}) => pictureOf(some).state;
const meant = (key: string, some: Parameters<typeof state>[0] = {}, map = DEFAULT_KEYS) => commandOfKey(map, state(some), key, key);

test('no key and no name is there twice', () => {
  const keys = NAMED_COMMANDS.flatMap((named) => named.keys);
  expect(keys).toEqual([...new Set(keys)]);
  const names = NAMED_COMMANDS.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)]);
  expect(names.filter((name) => !/^[a-z]+(?:-[a-z]+)*$/.test(name))).toEqual([]);
});

test('every command has a key, and every key of ours could be written in config.toml', () => {
  for (const { name, keys } of NAMED_COMMANDS) {
    expect(keyOf(DEFAULT_KEYS, name), name).not.toBeNull();
    const own = keys.filter((key) => key !== 'ctrl+c');
    expect(makeKeyMap({ [name]: own }).keys.get(name)).toEqual(keys);
  }
});

test('the keys of vi move, and clash with nothing', () => {
  const vi = makeKeyMap({}, { vi: true });
  expect(vi.commands.get('j')?.name).toBe('down');
  expect(vi.commands.get('k')?.name).toBe('up');
  expect(keyOf(vi, 'signal')).toBe('x');
  expect(keyOf(vi, 'help')).toBe('?');
  for (const [name, keys] of vi.keys) for (const key of keys) expect(vi.commands.get(key)?.name, key).toBe(name);
});

test('a choice takes the place of the own keys, and the key from whoever had it', () => {
  const map = makeKeyMap({ help: ['f12', 'q'], tree: 'ctrl+t', sort: [] });
  expect(map.keys.get('help')).toEqual(['f12', 'q']);
  expect(map.commands.get('q')?.name).toBe('help');
  expect(map.keys.get('quit')).toEqual(['f10', 'ctrl+c']);
  expect(map.commands.get('t')).toBeUndefined();
  expect(map.commands.get('ctrl+t')?.name).toBe('tree');
  expect(keyOf(map, 'sort')).toBeNull();
});

test('whatever is chosen, there is a way out', () => {
  const map = makeKeyMap({ quit: [], back: [] });
  expect(map.commands.get('ctrl+c')?.name).toBe('quit');
  expect(meant('ctrl+c', { state: { editingFilter: true } }, map)).toBeDefined();
  expect(commandOfKey(map, state({ state: { editingFilter: true } }), 'ctrl+c', null)).toEqual({ kind: 'quit' });
});

test.each([
  [{ hlep: 'f3' }, 'there is no command "hlep"', /Did you mean help/],
  [{ zzzzzzzz: 'f3' }, 'there is no command "zzzzzzzz"', /docs\/terminal\.md/],
  [{ help: 'F3' }, '"F3", which help is given, is no key', /"f5"/],
  [{ help: 'ctrl+' }, '"ctrl+", which help is given, is no key', /"f5"/],
  [{ help: 'shift+ctrl+up' }, 'is no key', /"f5"/],
  [{ help: '' }, '"", which help is given, is no key', /"f5"/],
  [{ help: 'ab' }, 'is no key', /"f5"/],
  [{ help: '\u001b' }, 'is no key', /"f5"/],
  [{ help: 'x', tree: ['y', 'x'] }, 'x is given to help and to tree', /one thing/],
  [{ help: ['x', 'x'] }, 'x is given to help and to help', /one thing/],
  [{ help: 'ctrl+c' }, 'ctrl+c always ends', undefined],
])('%j is refused: %s', (choices, sentence, hint) => {
  expect(() => makeKeyMap(choices, { place: 'here' })).toThrow(
    expect.objectContaining({
      code: 'INVALID',
      message: expect.stringMatching(new RegExp(`^here: .*${sentence.replaceAll('+', String.raw`\+`)}`)),
      ...(hint ? { hint: expect.stringMatching(hint) } : {}),
    }),
  );
});

test('while a text is written, keys are letters', () => {
  const editing = { state: { editingFilter: true } };
  expect(meant('q', editing)).toEqual({ kind: 'type', text: 'q' });
  expect(commandOfKey(DEFAULT_KEYS, state(editing), 'space', ' ')).toEqual({ kind: 'type', text: ' ' });
  expect(commandOfKey(DEFAULT_KEYS, state(editing), 'backspace', null)).toEqual({ kind: 'backspace' });
  expect(commandOfKey(DEFAULT_KEYS, state(editing), 'enter', null)).toEqual({ kind: 'accept' });
  expect(commandOfKey(DEFAULT_KEYS, state(editing), 'ctrl+z', null)).toEqual({ kind: 'suspend' });
  expect(commandOfKey(DEFAULT_KEYS, state(editing), 'f5', null)).toBeNull();
  const moment = { state: { dialog: { kind: 'moment', text: '', problem: null } } } as const;
  expect(meant('T', moment)).toEqual({ kind: 'type', text: 'T' });
});

test('in a dialog keys answer, and do nothing behind its back', () => {
  const asking = {
    state: { dialog: { kind: 'signal', of: { pid: 1, startedAfterBoot: 0 }, name: 'x', chosen: 'TERM', confirming: true } },
  } as const;
  expect(meant('y', asking)).toEqual({ kind: 'accept' });
  expect(meant('n', asking)).toEqual({ kind: 'back' });
  expect(meant('q', asking)).toEqual({ kind: 'back' });
  expect(meant('k', asking)).toEqual({ kind: 'back' });
  expect(meant('down', asking)).toEqual({ kind: 'move', rows: 1 });
  expect(meant('t', asking)).toBeNull();
  expect(commandOfKey(DEFAULT_KEYS, state(asking), 'ctrl+c', null)).toEqual({ kind: 'quit' });
  const help = { state: { dialog: { kind: 'help', scroll: 0 } } } as const;
  for (const key of ['?', 'h', 'f1', 'escape']) expect(meant(key, help), key).toEqual({ kind: 'back' });
  const sort = { state: { dialog: { kind: 'sort', chosen: 0 } } } as const;
  expect(meant('s', sort)).toEqual({ kind: 'back' });
});
