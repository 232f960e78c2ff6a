import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInputParser } from './input.ts';
import type { InputEvent } from './input-event.ts';

/** What a text means when nothing follows. */
function read(text: string | Uint8Array): InputEvent[] {
  const parser = createInputParser();
  return [...parser.feed(typeof text === 'string' ? Buffer.from(text) : text), ...parser.flush()];
}

/** The names of the keys alone. */
const keys = (text: string): string[] => read(text).map((event) => (event.kind === 'key' ? event.key : event.kind));

const ESC = '\u001b';

describe('keys', () => {
  it.each([
    ['aZ ?', ['a', 'Z', 'space', '?']],
    ['äß日🦊', ['ä', 'ß', '日', '🦊']],
    ['\u0003\u001a\u0000\u001c', ['ctrl+c', 'ctrl+z', 'ctrl+space', 'ctrl+\\']],
    ['\r\n\t\u007f\u0008', ['enter', 'enter', 'tab', 'backspace', 'backspace']],
    [ESC, ['escape']],
    [ESC + ESC, ['escape', 'escape']],
    [`${ESC + ESC}x`, ['escape', 'alt+x']],
    [`${ESC}x${ESC}X${ESC}ä${ESC}\r${ESC}\u007f${ESC}\u0003`, ['alt+x', 'alt+X', 'alt+ä', 'alt+enter', 'alt+backspace', 'ctrl+alt+c']],
    [`${ESC}[`, ['alt+[']],
    [`${ESC}O`, ['alt+O']],
    [`${ESC}]`, ['alt+]']],
    // xterm, tmux
    [`${ESC}[A${ESC}OB${ESC}[H${ESC}OF${ESC}[Z`, ['up', 'down', 'home', 'end', 'shift+tab']],
    [`${ESC}[1;5A${ESC}[1;2D${ESC}[1;8C${ESC}[1;9B`, ['ctrl+up', 'shift+left', 'ctrl+alt+shift+right', 'alt+down']],
    [`${ESC}[2~${ESC}[3~${ESC}[5~${ESC}[6~${ESC}[3;5~`, ['insert', 'delete', 'pageup', 'pagedown', 'ctrl+delete']],
    [`${ESC}OP${ESC}OS${ESC}[15~${ESC}[24~${ESC}[1;2P${ESC}[15;6~`, ['f1', 'f4', 'f5', 'f12', 'shift+f1', 'ctrl+shift+f5']],
    [`${ESC}OM${ESC}Ok${ESC}Ot`, ['enter', '+', '4']],
    // rxvt
    [`${ESC}[7~${ESC}[8~${ESC}[11~${ESC}[5$${ESC}[5^${ESC}[5@`, ['home', 'end', 'f1', 'shift+pageup', 'ctrl+pageup', 'ctrl+shift+pageup']],
    [`${ESC}[a${ESC}Oc${ESC + ESC}[A${ESC + ESC}OA`, ['shift+up', 'ctrl+right', 'alt+up', 'alt+up']],
    // The console of Linux
    [`${ESC}[1~${ESC}[4~${ESC}[[A${ESC}[[E${ESC}[17~`, ['home', 'end', 'f1', 'f5', 'f6']],
    // modifyOtherKeys and CSI u
    [`${ESC}[27;5;9~${ESC}[97;5u${ESC}[13;2u${ESC}[65;2u`, ['ctrl+tab', 'ctrl+a', 'shift+enter', 'A']],
  ])('%j is %j', (text, names) => expect(keys(text)).toEqual(names));

  it.each([
    ['a report of the cursor', `${ESC}[?12;40R`],
    ['what the terminal is', `${ESC}[?64;1;2c`],
    ['an answer about a colour', `${ESC}]11;rgb:1e1e/1e1e/2e2e${ESC}\\`],
    ['an answer that ends with BEL', `${ESC}]11;rgb:qqqq\u0007`],
    ['a device string', `${ESC}P1+r636f=q${ESC}\\`],
    ['an answer that is cut off', `${ESC}]11;rgb:qq`],
    ['a control sequence that is cut off', `${ESC}[12;`],
    ['a mouse of another age', `${ESC}[Mqqq`],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0xc3, 0xc3])],
    ['C1 controls', '\u009b\u0085'],
    ['a number that is no character', `${ESC}[99999999;5u`],
    ['an unknown key', `${ESC}[99~`],
  ])('%s is none', (_name, text) => expect(read(text)).toEqual([]));

  it('come through garbage', () => {
    expect(keys(`${ESC}[12${ESC}[A`)).toEqual(['up']);
    expect(keys(`${ESC}[${'1'.repeat(500)}A${ESC}[B`).at(-1)).toBe('down');
    expect(keys(`${ESC}]${'x'.repeat(9000)}${ESC}[B`).at(-1)).toBe('down');
  });

  it('wait for their end, and for nothing else', () => {
    const parser = createInputParser();
    expect([parser.patience(), parser.feed(Buffer.from('a')), parser.patience()]).toEqual([null, [{ kind: 'key', key: 'a' }], null]);
    expect(parser.feed(Buffer.from(`${ESC}[1;`))).toEqual([]);
    expect(parser.patience()).toBeLessThanOrEqual(50);
    expect(parser.feed(Buffer.from('5A'))).toEqual([{ kind: 'key', key: 'ctrl+up' }]);
    expect([parser.patience(), parser.flush()]).toEqual([null, []]);
  });
});

describe('the mouse', () => {
  const none = { shift: false, alt: false, ctrl: false };
  it.each([
    ['0;1;1M', { action: 'press', button: 'left', x: 0, y: 0, ...none }],
    ['0;300;200m', { action: 'release', button: 'left', x: 299, y: 199, ...none }],
    ['34;5;6M', { action: 'drag', button: 'right', x: 4, y: 5, ...none }],
    ['64;5;6M', { action: 'wheel-up', button: null, x: 4, y: 5, ...none }],
    ['65;5;6M', { action: 'wheel-down', button: null, x: 4, y: 5, ...none }],
    ['29;2;3M', { action: 'press', button: 'middle', x: 1, y: 2, shift: true, alt: true, ctrl: true }],
  ])('%s', (sent, event) => expect(read(`${ESC}[<${sent}`)).toEqual([{ kind: 'mouse', ...event }]));

  it.each(['0;0;1M', '35;5;6M', '128;5;6M', '0;1M', '0;1;1;1M', '-1;1;1M', '64;1;1m'])('%s is nothing', (sent) =>
    expect(read(`${ESC}[<${sent}`)).toEqual([]),
  );
});

describe('a paste', () => {
  const pasted = (text: string): InputEvent[] => read(`${ESC}[200~${text}${ESC}[201~q`);

  it('is a text and no keys', () =>
    expect(pasted('kill\r\nq\tx')).toEqual([
      { kind: 'paste', text: 'kill\nq\tx' },
      { kind: 'key', key: 'q' },
    ]));

  it('loses what could steer', () => expect(pasted(`a${ESC}[2Jb\u0003\u202ec`)[0]).toEqual({ kind: 'paste', text: 'a[2Jbc' }));

  it('is cut where it is very long', () => {
    const [event, after] = pasted('y'.repeat(500_000));
    expect(event?.kind === 'paste' && event.text.length).toBe(65_536);
    expect(after).toEqual({ kind: 'key', key: 'q' });
  });

  it('that never ends does at some time', () => {
    const parser = createInputParser();
    expect(parser.feed(Buffer.from(`${ESC}[200~abc${ESC}[20`))).toEqual([]);
    expect(parser.patience()).toBeGreaterThan(500);
    expect(parser.flush()).toEqual([{ kind: 'paste', text: 'abc[20' }]);
    expect(parser.feed(Buffer.from('x'))).toEqual([{ kind: 'key', key: 'x' }]);
  });
});

it('focus comes and goes', () =>
  expect(read(`${ESC}[I${ESC}[O`)).toEqual([
    { kind: 'focus', has: true },
    { kind: 'focus', has: false },
  ]));

describe('any bytes', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\u001b',
      '\u001b[',
      '\u001bO',
      '[',
      '<',
      ';',
      '~',
      'M',
      'm',
      '0',
      '1',
      '201~',
      '\u001b[200~',
      '\u001b[201~',
      '\u001b]',
      '日',
      'q',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.array(piece, { maxLength: 30 }).map((pieces) => new Uint8Array(Buffer.from(pieces.join('')))),
  );

  it('mean the same in any pieces, and every event is whole', () =>
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(60), { maxLength: 8 }), (all, cuts) => {
        const parser = createInputParser();
        const places = [0, ...cuts.filter((cut) => cut < all.length).toSorted((one, other) => one - other), all.length];
        const events = places.slice(1).flatMap((end, index) => parser.feed(all.subarray(places[index], end)));
        events.push(...parser.flush());
        expect(events).toEqual(read(all));
        expect(parser.patience()).toBeNull();
        for (const event of events)
          if (event.kind === 'key') expect(event.key).toMatch(/^(?:ctrl\+)?(?:alt\+)?(?:shift\+)?(?:[a-z][a-z0-9]+|[^\p{C}])$/u);
      }),
      { numRuns: 2000 },
    ));
});
