import type { Action } from '../action.ts';

/** What the properties of a kind may hold beside a short line of text; a name may be in several lists. */
export interface ActionShape {
  /** Need not be there. */
  readonly optional?: readonly string[];
  /** May be null. */
  readonly nullable?: readonly string[];
  /** Text that may be long and have many lines, or be empty: the content of a file. */
  readonly text?: readonly string[];
  /** Absolute paths that may not escape. */
  readonly paths?: readonly string[];
  /** Lists that may be empty. */
  readonly emptyLists?: readonly string[];
}

type Raw = Record<string, unknown>;
type Bad = readonly [name: string, raw: Raw];

const WRONG_TYPES: readonly unknown[] = [null, true, 7, 'text', [], {}, [null], [[]]];

/** Kind of a value for the purpose of {@link badActions}. */
const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** All that must be refused, each derived from an action that is good by one change. */
export function badActions(good: Action, shape: ActionShape): Bad[] {
  const raw = { ...good } as unknown as Raw;
  const bad: Bad[] = [['an extra property', { ...raw, extra: 'text' }]];
  for (const [name, value] of Object.entries(raw)) {
    if (name === 'kind') continue;
    if (!shape.optional?.includes(name)) {
      const { [name]: _, ...rest } = raw;
      bad.push([`no ${name}`, rest]);
    }
    for (const [what, wrong] of badValues(name, value, shape)) bad.push([`${name} that is ${what}`, { ...raw, [name]: wrong }]);
  }
  return bad;
}

function badValues(name: string, good: unknown, shape: ActionShape): (readonly [what: string, wrong: unknown])[] {
  const bad: (readonly [string, unknown])[] = WRONG_TYPES.filter((wrong) => {
    if (wrong === null) return !shape.nullable?.includes(name);
    return kindOf(wrong) !== kindOf(good) && good !== null;
  }).map((wrong) => [JSON.stringify(wrong), wrong] as const);
  if (typeof good === 'string') {
    bad.push(['text with NUL', `${good}\0`]);
    if (!shape.text?.includes(name)) bad.push(['empty', ''], ['two lines', `${good}\n${good}`], ['10 kB long', good + '1'.repeat(10_000)]);
    if (shape.paths?.includes(name))
      bad.push(['an escape', `${good}/../../x`], ['dots at its end', `${good}/..`], ['relative', good.slice(1)]);
  } else if (Array.isArray(good)) {
    if (!shape.emptyLists?.includes(name)) bad.push(['empty', []]);
    for (const wrong of [null, 7, {}, 'a\0b']) bad.push([`a list with ${JSON.stringify(wrong)}`, [...good, wrong]]);
  } else if (kindOf(good) === 'object') {
    for (const wrong of [null, 7, {}, 'a\0b']) bad.push([`of ${JSON.stringify(wrong)}`, { ...(good as Raw), more: wrong }]);
  } else if (typeof good === 'number') {
    bad.push(['a fraction', good + 0.5], ['negative', -7], ['too large', 2 ** 60]);
  }
  return bad;
}
