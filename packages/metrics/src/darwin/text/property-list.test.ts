import { spawnSync } from 'node:child_process';
import { HecateError } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../linux/storage/any-text.testing.ts';
import type { CfValue } from '../core-foundation/value.ts';
import { refusalOf } from './fixture.testing.ts';
import { parsePropertyList } from './property-list.ts';
import { assemble, encodeBinary, encodeXml, expected, samples } from './property-list.testing.ts';

const xml = (inside: string): string => `<?xml version="1.0"?><plist version="1.0">${inside}</plist>`;
const orRefusal = (source: string | Buffer): CfValue | HecateError => {
  try {
    return parsePropertyList(source);
  } catch (error) {
    if (error instanceof HecateError && error.code === 'FAILED') return error;
    throw error;
  }
};

describe('what is malformed is refused with its place', () => {
  test.each([
    ['nothing', '', 'line 1, column 1: <plist> is missing'],
    ['words', 'powermetrics must be invoked', '<plist> is missing'],
    ['no end', '<plist><dict><key>a</key>', 'it ends too early'],
    ['a cut text', '<plist><string>abc', 'it ends inside <string>'],
    ['a value without a key', xml('<dict><string>a</string></dict>'), 'a key is missing'],
    ['a key without a value', xml('<dict><key>a</key></dict>'), 'an element was expected'],
    ['a wrong end', xml('<array><true/></dict>'), '</array> is missing'],
    ['two values', xml('<true/><true/>'), '</plist> is missing'],
    ['something after it', `${xml('<true/>')}x`, 'something comes after'],
    ['another element', xml('<set/>'), '<set/> is no value'],
    ['an attribute', xml('<string a="b">x</string>'), 'an element was expected'],
    ['an unknown entity', xml('<string>a&nbsp;</string>'), 'an entity is not known'],
    ['half an entity', xml('<string>a&</string>'), 'an entity is not known'],
    ['an entity beyond Unicode', xml('<string>&#x110000;</string>'), 'an entity is not known'],
    ['declared entities', `<!DOCTYPE plist [<!ENTITY a "b">]>${xml('<true/>')}`, 'declares something'],
    ['an integer of words', xml('<integer>many</integer>'), 'an integer is no number'],
    ['an empty integer', xml('<integer/>'), '<integer/> is no value'],
    ['an integer of 65 bits', xml('<integer>18446744073709551616</integer>'), 'more than 64 bits'],
    ['a real of words', xml('<real>1.2.3</real>'), 'a real is no number'],
    ['a day that is none', xml('<date>2026-02-30T00:00:00Z</date>'), 'a date is no date'],
    ['a date of words', xml('<date>today</date>'), 'a date is no date'],
    ['data without its end', xml('<data>AAE</data>'), 'not in base64'],
    ['data with its end in it', xml('<data>AA==AAAA</data>'), 'not in base64'],
    ['data of words', xml('<data>*&amp;*</data>'), 'not in base64'],
    ['a full truth', xml('<true>x</true>'), '<true> holds something'],
    ['a comment without end', '<!-- x', 'inside a comment'],
    ['too deep a list', xml('<array>'.repeat(600) + '</array>'.repeat(600)), 'deeper than 512'],
  ])('XML: %s', async (_, source, what) => {
    const { code, message } = await refusalOf(() => parsePropertyList(source));
    expect(code).toBe('FAILED');
    expect(message).toMatch(/^The property list is malformed at line \d+, column \d+: /);
    expect(message).toContain(what);
  });

  const real = Buffer.from([0x23, 0, 0, 0, 0, 0, 0, 0, 0]);
  test.each<[string, Buffer, string]>([
    ['only the magic', Buffer.from('bplist00'), 'it has no trailer'],
    ['no objects', assemble([real], { count: 0 }), 'it has 0 objects'],
    ['too many objects', assemble([real], { count: 2 ** 40 }), 'objects'],
    ['a table outside', assemble([real], { table: 10_000 }), 'its table does not fit'],
    ['a top that is not there', assemble([real], { top: 7 }), 'there is no object 7'],
    ['numbers without a size', assemble([real], { width: 0 }), 'no size'],
    ['a list that holds itself', assemble([Buffer.from([0xa1, 0])]), 'an object holds itself'],
    ['two lists that hold each other', assemble([Buffer.from([0xa1, 1]), Buffer.from([0xa1, 0])]), 'an object holds itself'],
    ['a list longer than the file', assemble([Buffer.from([0xaf, 0x12, 0x7f, 0xff, 0xff, 0xff])]), 'an object does not fit'],
    ['a text longer than the file', assemble([Buffer.from([0x5e, 0x61])]), 'an object does not fit'],
    ['a length that is no integer', assemble([Buffer.from([0x5f, 0x23])]), 'a length is no integer'],
    ['a key that is no text', assemble([Buffer.from([0xd1, 1, 1]), Buffer.from([9])]), 'a key is no text'],
    ['an object of no kind', assemble([Buffer.from([0xb0])]), 'an object is of no kind'],
    ['an ASCII text with other bytes', assemble([Buffer.from([0x51, 0xe4])]), 'ASCII'],
    ['an integer of 128 bits', assemble([Buffer.concat([Buffer.from([0x14]), Buffer.alloc(16, 0x7f)])]), '64 bits'],
    ['a date that is none', assemble([Buffer.from([0x33, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0])]), 'a date is no date'],
  ])('binary: %s', async (_, source, what) => {
    const { code, message } = await refusalOf(() => parsePropertyList(source));
    expect(code).toBe('FAILED');
    expect(message).toMatch(/^The property list is malformed at byte \d+: /);
    expect(message).toContain(what);
  });

  test.each([
    ['lists', (next: number) => Buffer.from([0xa2, next, next])],
    ['dictionaries', (next: number) => Buffer.from([0xd2, 41, 42, next, next])],
  ])('a few shared %s that would be billions of values', async (_, level) => {
    const levels = Array.from({ length: 40 }, (__, index) => level(index + 1));
    const leaves = [Buffer.from([9]), Buffer.from([0x51, 0x61]), Buffer.from([0x51, 0x62])];
    const { message } = await refusalOf(() => parsePropertyList(assemble([...levels, ...leaves])));
    expect(message).toContain('more than 2000000 values');
  });

  test('any bytes give a value or the error, with the magic before them or without', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, magic) => {
        orRefusal(Buffer.concat([Buffer.from(magic ? 'bplist00' : ''), bytes]));
      }),
    );
    fc.assert(fc.property(anyText, (text) => void orRefusal(text)));
  });

  test('a property list with some bytes changed, or cut, gives a value or the error', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(samples, fc.boolean(), changes, fc.nat(), (sample, binary, changed, cut) => {
        const bytes = binary ? encodeBinary(sample) : Buffer.from(encodeXml(sample));
        for (const [at, byte] of changed) bytes[at % bytes.length] = byte;
        orRefusal(bytes);
        orRefusal(bytes.subarray(0, cut % bytes.length));
      }),
    );
  });
});

describe('what is well formed is read', () => {
  test('megabytes of data', () => {
    const bytes = Buffer.alloc(24_000_000, 7);
    expect(bytes.equals(parsePropertyList(xml(`<data>${bytes.toString('base64')}</data>`)) as Buffer)).toBe(true);
  });

  test('XML and binary give the value that was written', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        expect(parsePropertyList(encodeXml(sample))).toEqual(expected(sample));
        expect(parsePropertyList(encodeBinary(sample))).toEqual(expected(sample));
      }),
    );
  });

  test.each<[string, string, CfValue]>([
    ['entities', '<string>&lt;&amp;&#65;&#x1F600;&quot;&apos;&gt;</string>', '<&A😀"\'>'],
    ['CDATA and comments', '<string>a<![CDATA[<b>&amp;]]><!-- c -->d</string>', 'a<b>&amp;d'],
    ['control characters of the registry', '<string>a\u0001b\0</string>', 'a\u0001b\0'],
    ['a hexadecimal integer', '<integer>-0x10</integer>', -16],
    ['2^53 - 1', '<integer>9007199254740991</integer>', 9_007_199_254_740_991],
    ['2^53', '<integer>9007199254740992</integer>', 9_007_199_254_740_992n],
    ['the largest', '<integer>18446744073709551615</integer>', 2n ** 64n - 1n],
    ['a real with a comma', '<real>0,25</real>', 0.25],
    ['a real without digits before the point', '<real>.5e3</real>', 500],
    ['infinity', '<real>-inf</real>', -Infinity],
    ['data over lines', '<data>\n\tAAEC\n\t/w==\n</data>', Buffer.from([0, 1, 2, 255])],
    ['empty ones', '<array><string/><data/><array/><dict/><string></string></array>', ['', Buffer.alloc(0), [], {}, '']],
    ['the last of two', '<dict><key>a</key><true/><key>a</key><false/></dict>', { a: false }],
    ['blanks in tags', '<dict ><key >a</key ><true /></dict>', { a: true }],
  ])('XML: %s', (_, inside, value) => {
    expect(parsePropertyList(xml(inside))).toEqual(value);
  });

  test('a byte order mark, comments and instructions around it', () => {
    expect(parsePropertyList('\uFEFF<!-- a --><?b c?>\n<plist>\n<!-- d --><true/></plist>\n<!-- e -->')).toBe(true);
  });

  test('a key may be called anything', () => {
    const read = parsePropertyList(xml('<dict><key>__proto__</key><true/><key>constructor</key><false/></dict>'));
    expect(Object.keys(read as object)).toEqual(['__proto__', 'constructor']);
    expect((read as Record<string, unknown>)['toString']).toBeUndefined();
  });

  test('binary: sixteen bytes below zero', () => {
    expect(parsePropertyList(assemble([Buffer.concat([Buffer.from([0x14]), Buffer.alloc(16, 0xff)])]))).toBe(-1);
  });

  test('binary: null, short reals, sets, UIDs, shared objects', () => {
    const set = [Buffer.from([0xc4, 1, 2, 3, 3]), Buffer.from([0]), Buffer.from([0x22, 0x3f, 0, 0, 0]), Buffer.from([0x81, 1, 0])];
    expect(parsePropertyList(assemble(set))).toEqual([null, 0.5, { CF$UID: 256 }, { CF$UID: 256 }]);
  });
});

/** What Python's plistlib reads, with the kind of each value said. */
const JUDGE = `
import sys, plistlib, json, base64, datetime, struct
def tell(v):
    if isinstance(v, bool): return {'boolean': v}
    if isinstance(v, int): return {'integer': str(v)}
    if isinstance(v, float): return {'real': struct.pack('>d', v).hex()}
    if isinstance(v, str): return {'text': v}
    if isinstance(v, bytes): return {'data': base64.b64encode(v).decode()}
    if isinstance(v, datetime.datetime): return {'text': v.strftime('%Y-%m-%dT%H:%M:%SZ')}
    if isinstance(v, list): return [tell(x) for x in v]
    return {'dictionary': [[k, tell(v[k])] for k in sorted(v)]}
lists = json.load(sys.stdin)
given = [plistlib.loads(base64.b64decode(one)) for one in lists]
again = [[base64.b64encode(plistlib.dumps(v, fmt=f)).decode() for f in (plistlib.FMT_XML, plistlib.FMT_BINARY)] for v in given]
json.dump([[tell(v) for v in given], again], sys.stdout)
`;
type Told = readonly Told[] | Readonly<Record<string, unknown>>;

const realHex = (value: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
};
const byCodePoint = ([one]: [string, unknown], [other]: [string, unknown]): number =>
  Buffer.compare(Buffer.from(one, 'utf8'), Buffer.from(other, 'utf8'));

/** The same of what we read. */
function tell(value: CfValue): Told {
  if (typeof value === 'boolean') return { boolean: value };
  if (typeof value === 'bigint') return { integer: String(value) };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? { integer: String(value) } : { real: realHex(value) };
  if (typeof value === 'string') return { text: value };
  if (Buffer.isBuffer(value)) return { data: value.toString('base64') };
  if (Array.isArray(value)) return (value as readonly CfValue[]).map(tell);
  return {
    dictionary: Object.entries(value as Readonly<Record<string, CfValue>>)
      .toSorted(byCodePoint)
      .map(([key, member]) => [key, tell(member)]),
  };
}

const noPython = spawnSync('python3', ['-c', 'import plistlib']).status === 0 ? null : 'python3 is not installed';

test.skipIf(noPython !== null)(`agrees with plistlib of Python${noPython === null ? '' : ` (skipped: ${noPython})`}`, () => {
  const values = fc.sample(samples, { numRuns: 60, seed: 20_261_122 });
  const lists = values.flatMap((value) => [Buffer.from(encodeXml(value)), encodeBinary(value)]);
  const { stdout, status, stderr } = spawnSync('python3', ['-c', JUDGE], {
    input: JSON.stringify(lists.map((bytes) => bytes.toString('base64'))),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const [judged, again] = JSON.parse(stdout) as [Told[], [string, string][]];
  for (const [index, bytes] of lists.entries()) {
    expect(tell(parsePropertyList(bytes))).toEqual(judged[index]);
    for (const own of again[index]!) expect(parsePropertyList(Buffer.from(own, 'base64'))).toEqual(parsePropertyList(bytes));
  }
});
