import { array, check, maxLength, maxValue, minValue, number, pipe, record, regex, string, transform } from 'valibot';
import type { GenericSchema } from 'valibot';

/*
 * Kinds of values that settings have. Each has its own words, the end of the sentence about a wrong one: none shows the value, because
 * it may be a secret that stands in the wrong place.
 */

/** Seconds, from `least` to `most`. */
export function secondsBetween(least: number, most: number): GenericSchema<number> {
  const words = `must be a number of seconds from ${least} to ${most}`;
  return pipe(number(words), minValue(least, words), maxValue(most, words));
}

/** Text in one line that is not empty. */
export function textInLine(words: string = 'must be text in quotes, in one line'): GenericSchema<string> {
  return pipe(
    string(words),
    check((value) => value !== '' && !/\p{Cc}/u.test(value), words),
  );
}

/** Text that a pattern describes. */
export function textLike(pattern: RegExp, words: string): GenericSchema<string> {
  return pipe(string(words), maxLength(200, words), regex(pattern, words));
}

const UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function bytesOf(value: string): number {
  const match = /^(\d{1,6})(KiB|MiB|GiB)$/.exec(value);
  return match ? Number(match[1]) * UNITS[match[2]!]! : Number.NaN;
}

/** A size as text, `256MiB`, of at least `least`: bytes. */
export function size(least: string): GenericSchema<string, number> {
  const words = `must be a size of at least ${least}, such as "256MiB"`;
  return pipe(
    string(words),
    check((value) => bytesOf(value) >= bytesOf(least), words),
    transform(bytesOf),
  );
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, hash, hostname } = new URL(value);
  return protocols.includes(protocol) && hostname !== '' && username === '' && password === '' && hash === '';
}

/** A URL of one of these protocols, without credentials in it. */
export function urlOf(protocols: readonly string[]): GenericSchema<string> {
  const starts = protocols.map((protocol) => `${protocol}//`).join(' or ');
  const words = `must be a URL that begins with ${starts}, without a user or password in it`;
  return pipe(
    string(words),
    check((value) => isUrl(value, protocols), words),
  );
}

/** A host, or a host and a port. */
export function hostAndPort(): GenericSchema<string> {
  const words = 'must be a host, or a host and a port: "server:2003", "[::1]:2003"';
  return pipe(
    string(words),
    check((value) => /^(?:[\w.-]+|\[[\da-f:.]+\])(?::[1-9]\d{0,4})?$/i.test(value) && URL.canParse(`x://${value}`), words),
  );
}

/** Names of families, `*` for any text. */
export function familyList(): GenericSchema<string[]> {
  const words = 'must be a list of names, with * for any text';
  return array(textLike(/^[\w:.*-]+$/, words), words);
}

/** Labels: names and texts. */
export function labelTable(): GenericSchema<Record<string, string>> {
  const words = 'must be a table of labels: names of letters, digits and _, and texts';
  return record(textLike(/^[a-z_][\w.]*$/i, words), textInLine(words), words);
}

const MADE_HERE = /^(?:authorization|content-(?:length|encoding|type)|host|connection|transfer-encoding|expect|upgrade|te|trailer)$/i;

/** Headers of a request: names and texts. What is made here anyway, and what would break the request, is none of them. */
export function headerTable(): GenericSchema<Record<string, string>> {
  const words = 'must be a table of headers: names of letters, digits and -, and texts';
  const name = pipe(
    textLike(/^[\w-]+$/, words),
    check((value) => !MADE_HERE.test(value), 'is a header that is made here'),
  );
  return record(name, pipe(textInLine(words), regex(/^[\x20-\x7e]*$/, words)), words);
}

/** A topic of MQTT that can be published to. */
export function mqttTopic(): GenericSchema<string> {
  return textLike(/^[^+#/\p{Cc}](?:[^+#\p{Cc}]*[^+#/\p{Cc}])?$/u, 'must be a topic: text without + and #, and without a / at either end');
}
