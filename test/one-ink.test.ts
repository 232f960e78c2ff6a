// Colours come from one place: the ink of reports, and the screen of `hecate top`. Whoever writes escape sequences elsewhere would write
// them where NO_COLOR, a pipe or a terminal without colours wants none. Lines that are drawn over and over have one place too.
import { expect, it } from 'vitest';
import { readSources } from './source-tree.testing.ts';

/** Where escape sequences are made, with the reason. */
const MAY_ESCAPE: readonly (readonly [place: string, why: string])[] = [
  ['packages/observe/src/terminal/ink.ts', 'it is that place'],
  ['packages/cli/src/screen/', 'it draws the screen of a terminal'],
];

/** Where a line is drawn over itself. */
const MAY_RETURN: readonly string[] = ['packages/cli/src/terminal/progress.ts', 'packages/cli/src/screen/'];

/** ESC as source code writes it, and CSI as one letter. */
const ESCAPE = /\\u001b|\\u\{1b\}|\\x1b|\\033|\\u009b|\\x9b|from(?:Char|Code)(?:Code|Point)\((?:27|0x1b)\)/i;
/** A carriage return that is written to a stream. */
const RETURN = /\.write\([^;]*\\r(?!\\n)/;

const shipped = readSources(['packages']).filter(({ path, isTest }) => !isTest && /^packages\/[^/]+\/(?:src|bin)\//.test(path));
const wrong = (pattern: RegExp, allowed: readonly string[]): string[] =>
  shipped
    .filter(({ path, text }) => (pattern.test(text) || text.includes('\u001b')) && !allowed.some((place) => path.startsWith(place)))
    .map(({ path }) => path);

it('finds what it looks for', () => {
  for (const text of [String.raw`'\u001b[1m'`, String.raw`'\x1B[0m'`, String.raw`'\u{1b}'`, 'String.fromCharCode(27)'])
    expect(text).toMatch(ESCAPE);
  expect(String.raw`stream.write('\r' + text)`).toMatch(RETURN);
  for (const [place] of MAY_ESCAPE)
    expect(
      shipped.some(({ path, text }) => path.startsWith(place) && ESCAPE.test(text)),
      place,
    ).toBe(true);
});

it('escape sequences are made in one place for reports and one for the screen', () =>
  expect(
    wrong(
      ESCAPE,
      MAY_ESCAPE.map(([place]) => place),
    ),
  ).toEqual([]));

it('lines that are drawn over themselves too', () => expect(wrong(RETURN, MAY_RETURN)).toEqual([]));
