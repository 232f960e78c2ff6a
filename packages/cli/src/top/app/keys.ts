import { HecateError, nearestNames } from '@hecate/host';
import type { Command, TopState } from '../state.ts';
import { NAMED_COMMANDS } from './named-commands.ts';
import type { NamedCommand } from './named-commands.ts';

/** Which key does what. */
export interface KeyMap {
  /** Commands by key: `q`, `ctrl+c`, `shift+tab`. */
  readonly commands: ReadonlyMap<string, NamedCommand>;
  /** Keys by the name of their command, those for hints first; empty for one that no key has any more. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
}

/** What `[top.keys]` may say of a command: one key, many, or none. */
export type KeyChoices = Readonly<Record<string, string | readonly string[]>>;

/** Keys of vi where they differ from ours; `x` takes the place of `k`. */
const VI_KEYS: KeyChoices = {
  up: ['up', 'k'],
  down: ['down', 'j'],
  'page-up': ['pageup', 'ctrl+b', 'ctrl+u'],
  'page-down': ['pagedown', 'ctrl+f', 'ctrl+d'],
  'back-in-time': ['left', 'h', '['],
  'on-in-time': ['right', 'l', ']'],
  help: ['?', 'f1'],
  signal: ['x', 'f9'],
  'clear-filter': ['delete'],
};

/** Names of keys beside letters and digits. */
const LONG_KEYS =
  /^(?:(?:ctrl\+)?(?:alt\+)?(?:shift\+)?)(?:up|down|left|right|home|end|pageup|pagedown|insert|delete|backspace|tab|enter|escape|space|f(?:[1-9]|1[0-9]|20))$/;
/** One letter, with modifiers that a terminal tells of: shift is told by the letter itself. */
const SHORT_KEYS = /^(?:ctrl\+)?(?:alt\+)?[^\p{C}\p{Z}]$/u;

/** The key that always ends the program: who changed all others is not locked in. */
const ALWAYS = 'ctrl+c';

/**
 * The keys after what `[top.keys]` says; `place` names that. What a command is given there takes the place of all its own keys, and the
 * keys are taken from whoever had them. Throws INVALID: no such command, no such key, a key that is given twice.
 */
export function makeKeyMap(choices: KeyChoices = {}, { vi = false, place = 'config.toml, [top.keys]' }: KeyMapOptions = {}): KeyMap {
  const names = NAMED_COMMANDS.map(({ name }) => name);
  const chosen = new Map<string, string>();
  for (const [name, keys] of Object.entries(choices)) {
    if (!names.includes(name)) throw unknownCommand(name, names, place);
    for (const key of listOf(keys)) {
      if (!SHORT_KEYS.test(key) && !LONG_KEYS.test(key)) throw unknownKey(key, name, place);
      if (key === ALWAYS && name !== 'quit') {
        throw new HecateError('INVALID', `${place}: ${ALWAYS} always ends the program; ${name} cannot have it.`);
      }
      const other = chosen.get(key);
      if (other !== undefined) {
        throw new HecateError('INVALID', `${place}: ${key} is given to ${other} and to ${name}.`, { hint: 'A key does one thing.' });
      }
      chosen.set(key, name);
    }
  }
  const commands = new Map<string, NamedCommand>();
  const keys = new Map<string, readonly string[]>();
  for (const named of NAMED_COMMANDS) {
    const { name } = named;
    const own = (vi ? VI_KEYS[name] : undefined) ?? named.keys;
    const wanted = choices[name] === undefined ? listOf(own).filter((key) => !chosen.has(key)) : listOf(choices[name]);
    const all = name === 'quit' && !wanted.includes(ALWAYS) ? [...wanted, ALWAYS] : wanted;
    keys.set(name, all);
    for (const key of all) commands.set(key, named);
  }
  return { commands, keys };
}

/** What else there is to say about the keys. */
export interface KeyMapOptions {
  /** The keys of vi for moving. */
  readonly vi?: boolean;
  readonly place?: string;
}

const listOf = (keys: string | readonly string[]): readonly string[] => (typeof keys === 'string' ? [keys] : keys);

function unknownCommand(name: string, names: readonly string[], place: string): HecateError {
  const [near] = nearestNames(name, names);
  const hint = near === undefined ? 'docs/terminal.md lists all of them.' : `Did you mean ${near}? docs/terminal.md lists all of them.`;
  return new HecateError('INVALID', `${place}: there is no command ${JSON.stringify(name)}.`, { hint });
}

function unknownKey(key: string, name: string, place: string): HecateError {
  return new HecateError('INVALID', `${place}: ${JSON.stringify(key)}, which ${name} is given, is no key.`, {
    hint: 'Write a letter, or a name such as "f5", "pageup", "ctrl+x", "alt+1", "shift+tab", "space".',
  });
}

/** The keys as they are where nobody changed them. */
export const DEFAULT_KEYS: KeyMap = makeKeyMap();

/** The key that hints show for a command; null when no key has it. */
export function keyOf({ keys }: KeyMap, name: string): string | null {
  return keys.get(name)?.[0] ?? null;
}

/** Keys that mean the same while a text is written, whatever the map says. */
const EDITING: Readonly<Record<string, Command>> = {
  escape: { kind: 'back' },
  enter: { kind: 'accept' },
  backspace: { kind: 'backspace' },
  'ctrl+h': { kind: 'backspace' },
  'ctrl+w': { kind: 'delete-word' },
  'alt+backspace': { kind: 'delete-word' },
  'ctrl+u': { kind: 'clear-filter' },
  up: { kind: 'move', rows: -1 },
  down: { kind: 'move', rows: 1 },
  pageup: { kind: 'move-page', pages: -1 },
  pagedown: { kind: 'move-page', pages: 1 },
  space: { kind: 'type', text: ' ' },
};

/** In a dialog these are there beside the map: who is asked answers. */
const ANSWERS: Readonly<Record<string, Command>> = {
  y: { kind: 'accept' },
  Y: { kind: 'accept' },
  n: { kind: 'back' },
  N: { kind: 'back' },
  q: { kind: 'back' },
  left: { kind: 'move', rows: -1 },
  right: { kind: 'move', rows: 1 },
  '-': { kind: 'move', rows: -1 },
  '+': { kind: 'move', rows: 1 },
};

const ALLOWED_IN_DIALOG: ReadonlySet<Command['kind']> = new Set([
  'move',
  'move-page',
  'move-end',
  'accept',
  'back',
  'quit',
  'suspend',
  'redraw',
]);

/** Whether keys are letters of a text now. */
export function isEditing({ editingFilter, dialog }: Pick<TopState, 'editingFilter' | 'dialog'>): boolean {
  return dialog === null ? editingFilter : dialog.kind === 'moment';
}

/** What a key means in a state; null: nothing. `text` is what it types, null for a key that types nothing. */
export function commandOfKey(map: KeyMap, state: TopState, key: string, text: string | null): Command | null {
  const named = map.commands.get(key);
  if (isEditing(state)) {
    const editing = EDITING[key];
    if (editing) return editing;
    if (text !== null) return { kind: 'type', text };
    const kind = named?.command.kind;
    return named && (kind === 'quit' || kind === 'suspend' || kind === 'redraw') ? named.command : null;
  }
  if (state.dialog === null) return named?.command ?? null;
  // The key that opened a dialog closes it.
  if (named && opens(named.command) === state.dialog.kind) return { kind: 'back' };
  const answer = ANSWERS[key];
  if (answer) return answer;
  return named && ALLOWED_IN_DIALOG.has(named.command.kind) ? named.command : null;
}

const opens = ({ kind }: Command): string =>
  kind === 'choose-sort' ? 'sort' : kind === 'choose-theme' ? 'theme' : kind.startsWith('ask-') ? kind.slice(4) : kind;
