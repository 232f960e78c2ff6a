import type { CfDictionary, CfValue } from '../../core-foundation/value.ts';
import { DEEPEST, integerOf, malformed, momentOf, MOST_VALUES } from './limits.ts';

/** The entities of XML itself; property lists cannot declare others. */
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const OPENING = /<([a-z]+)[ \t\r\n]*(\/?)>/y;
const PLIST = /<plist(?:[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"[^"<]*"|'[^'<]*'))?[ \t\r\n]*>/y;
const INTEGER = /^([+-]?)(0[xX][0-9a-fA-F]{1,32}|\d{1,40})$/;
/** With a comma too: programs that print their own property lists do so in the user's manner. */
const REAL = /^[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?$/;
const WORDS_OF_REAL: Readonly<Record<string, number>> = {
  ...{ nan: Number.NaN, inf: Infinity, infinity: Infinity, '+inf': Infinity, '+infinity': Infinity, '-inf': -Infinity },
  '-infinity': -Infinity,
};
const DATE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/;
/** Without groups: a group that repeats a million times overflows the stack. Its length is checked apart. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BLANK = /[ \t\r\n]+/g;

/** `line 3, column 7` of an index. */
function placeOf(text: string, at: number): string {
  const before = text.slice(0, at);
  return `line ${before.split('\n').length}, column ${at - before.lastIndexOf('\n')}`;
}

/** Reads one XML property list; {@link parsePropertyList} says how values come out. */
export function parseXmlPropertyList(text: string): CfValue {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let values = 0;
  const fail = (what: string, where = at): never => {
    throw malformed(what, placeOf(text, where));
  };

  /** Passes what lies between elements: blanks, comments, instructions to others. */
  const skip = (): void => {
    for (;;) {
      while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
      const closing = text.startsWith('<!--', at) ? '-->' : text.startsWith('<?', at) ? '?>' : null;
      if (closing === null) return;
      const end = text.indexOf(closing, at + 2);
      if (end < 0) fail('it ends inside a comment');
      at = end + closing.length;
    }
  };
  const skipDoctype = (): void => {
    if (!text.startsWith('<!DOCTYPE', at)) return;
    const end = text.indexOf('>', at);
    if (end < 0) fail('it ends inside its DOCTYPE');
    if (text.slice(at, end).includes('[')) fail('its DOCTYPE declares something, which property lists do not');
    at = end + 1;
    skip();
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };

  /** The same text with its entities replaced; it begins at `from`. */
  const decoded = (raw: string, from: number): string => {
    if (!raw.includes('&')) return raw;
    return raw.replaceAll(/&([^;&]{0,12};)?/g, (_, named: string | undefined, index: number) => {
      const name = named?.slice(0, -1) ?? '';
      const isHexadecimal = /^#x[0-9a-fA-F]{1,6}$/.test(name);
      const code = isHexadecimal ? Number(`0${name.slice(1)}`) : /^#\d{1,7}$/.test(name) ? Number(name.slice(1)) : null;
      if (code !== null && code <= 0x10_ff_ff) return String.fromCodePoint(code);
      return (Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined) ?? fail('an entity is not known', from + index);
    });
  };
  /** The text up to the end of the element `name`. Control characters pass: the I/O registry has them in its texts. */
  const content = (name: string): string => {
    let found = '';
    for (;;) {
      const next = text.indexOf('<', at);
      if (next < 0) fail(`it ends inside <${name}>`, text.length);
      found += decoded(text.slice(at, next), at);
      at = next;
      if (text.startsWith('<![CDATA[', at)) {
        const end = text.indexOf(']]>', at);
        if (end < 0) fail(`it ends inside <${name}>`, text.length);
        found += text.slice(at + 9, end);
        at = end + 3;
      } else if (text.startsWith('<!--', at)) {
        const end = text.indexOf('-->', at + 4);
        if (end < 0) fail('it ends inside a comment');
        at = end + 3;
      } else {
        close(name);
        return found;
      }
    }
  };
  const close = (name: string): void => {
    const from = at;
    const end = text.indexOf('>', at);
    if (!text.startsWith('</', at) || end < 0 || text.slice(at + 2, end).trimEnd() !== name) fail(`</${name}> is missing`, from);
    at = end + 1;
  };

  const number = (name: 'integer' | 'real', from: number): number | bigint => {
    const said = content(name).trim();
    if (name === 'real') {
      const word = WORDS_OF_REAL[said.toLowerCase()];
      if (word !== undefined) return word;
      return REAL.test(said) ? Number(said.replace(',', '.')) : fail('a real is no number', from);
    }
    const [, sign, digits] = INTEGER.exec(said) ?? fail('an integer is no number', from);
    const size = BigInt(digits!);
    return integerOf(sign === '-' ? -size : size) ?? fail('an integer has more than 64 bits', from);
  };
  const date = (from: number): string => {
    const said = content('date').trim();
    const moment = DATE.test(said) ? momentOf(Date.parse(said)) : null;
    // 2026-02-30 becomes a day of March, which nobody wrote.
    return moment === said ? moment : fail('a date is no date', from);
  };
  const data = (from: number): Buffer => {
    const said = content('data').replace(BLANK, '');
    return said.length % 4 === 0 && BASE64.test(said) ? Buffer.from(said, 'base64') : fail('data is not in base64', from);
  };
  const array = (depth: number): CfValue[] => {
    const found: CfValue[] = [];
    for (skip(); !text.startsWith('</', at); skip()) found.push(value(depth));
    close('array');
    return found;
  };
  const dictionary = (depth: number): CfDictionary => {
    const found = Object.create(null) as Record<string, CfValue>;
    for (skip(); !text.startsWith('</', at); skip()) {
      const from = at;
      const opened = match(OPENING);
      if (opened?.[1] !== 'key') fail('a key is missing in a dict', from);
      const key = opened![2] === '/' ? '' : content('key');
      skip();
      found[key] = value(depth);
    }
    close('dict');
    return found;
  };
  /** The value of an element without content: `<dict/>`. */
  const empty = (name: string, from: number): CfValue => {
    if (name === 'true' || name === 'false') return name === 'true';
    if (name === 'string') return '';
    if (name === 'data') return Buffer.alloc(0);
    if (name === 'array') return [];
    if (name === 'dict') return Object.create(null) as CfDictionary;
    return fail(`<${name}/> is no value`, from);
  };
  const value = (depth: number): CfValue => {
    const from = at;
    if (depth > DEEPEST) fail(`it is deeper than ${DEEPEST}`);
    if (++values > MOST_VALUES) fail(`it has more than ${MOST_VALUES} values`);
    if (at >= text.length) fail('it ends too early');
    const opened = match(OPENING) ?? fail('an element was expected');
    const name = opened[1]!;
    if (opened[2] === '/') return empty(name, from);
    switch (name) {
      case 'dict':
        return dictionary(depth + 1);
      case 'array':
        return array(depth + 1);
      case 'string':
        return content('string');
      case 'integer':
      case 'real':
        return number(name, from);
      case 'true':
      case 'false':
        if (content(name).trim() !== '') fail(`<${name}> holds something`, from);
        return name === 'true';
      case 'date':
        return date(from);
      case 'data':
        return data(from);
      default:
        return fail(`<${name}> is no value`, from);
    }
  };

  skip();
  skipDoctype();
  if (!match(PLIST)) fail('<plist> is missing');
  skip();
  const found = value(0);
  skip();
  close('plist');
  skip();
  if (at < text.length) fail('something comes after </plist>');
  return found;
}
