import { HecateError } from '@hecate/host';

/** A piece of the text of rules, as nft's scanner cuts it (src/scanner.l of nftables): comments and line continuations are dropped. */
type Token = { readonly kind: 'open' | 'close' | 'newline' | 'text' | 'word'; readonly text: string };

/** Words that lead out of the text: other files, and names for it. Inside a table none of them is needed. */
const LEADING_OUT = /^(?:include|define|redefine|undefine)$/;

/**
 * Throws INVALID for rules that would reach beyond the braces of their table: one brace too many closes it, and what follows
 * would be commands of its own.
 */
export function refuseForeign(rules: string): void {
  let depth = 0;
  for (const token of scan(rules)) {
    if (token.kind === 'open') depth++;
    else if (token.kind === 'close') depth--;
    else if (token.kind === 'word' && LEADING_OUT.test(token.text)) {
      throw new HecateError('INVALID', `The rules of a firewall table must stand alone, and have the word ${token.text}.`);
    }
    if (depth < 0) break;
  }
  if (depth !== 0)
    throw new HecateError('INVALID', `The rules of a firewall table have a brace that is not ${depth < 0 ? 'opened' : 'closed'}.`);
}

/** The same rules on one line. A newline ends a statement, but not in a list of values. */
export function onOneLine(rules: string): string {
  const open: ('block' | 'values')[] = [];
  let line = '';
  let before = '';
  for (const token of scan(rules)) {
    if (token.kind === 'open') {
      // Objects of the table (chains, sets) are blocks, and so is a chain without a name; what else has braces is a list.
      open.push(open.length === 0 || /^(?:jump|goto)$/.test(before) ? 'block' : 'values');
      line += '{ ';
    } else if (token.kind === 'close') line += open.pop() === 'block' ? '};' : '} ';
    else if (token.kind === 'newline') line += open.at(-1) === 'values' ? ' ' : '; ';
    else line += token.text;
    if (token.kind === 'word') before = token.text;
  }
  return line;
}

function* scan(rules: string): Generator<Token> {
  // Quoted text, comment, continuation, newline, brace, word, anything else.
  for (const [text] of rules.matchAll(/"[^"\n]*"|#[^\n]*|\\\n|\n|[{}]|[\w.\-/]+|[^]/g)) {
    if (text === '\n') yield { kind: 'newline', text };
    else if (text === '{') yield { kind: 'open', text };
    else if (text === '}') yield { kind: 'close', text };
    else if (text.startsWith('#') || text === '\\\n') yield { kind: 'text', text: ' ' };
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    else if (text === '"' || /^[\u0000-\u0008\u000b-\u001f\u007f]$/.test(text)) {
      throw new HecateError(
        'INVALID',
        `The rules of a firewall table have ${text === '"' ? 'a quote that is not closed' : 'control characters'}.`,
      );
    } else yield { kind: /^[\w.\-/]/.test(text) ? 'word' : 'text', text };
  }
}

/**
 * What is between the braces of a table that nft lists: without the elements of sets that time out or that rules add to,
 * because packets and other programs come and go in them.
 */
export function insideOfTable(listing: string): string {
  const lines = listing.trimEnd().split('\n').slice(1, -1);
  const inside: string[] = [];
  let isPassing = false;
  let inElements = false;
  for (const line of lines) {
    if (/^\t(?:set|map) /.test(line)) isPassing = false;
    else if (/^\t\tflags .*\b(?:dynamic|timeout)\b/.test(line)) isPassing = true;
    else if (line.startsWith('\t\telements = ') && isPassing) inElements = true;
    // They are the last of a set.
    if (line === '\t}') inElements = false;
    if (!inElements) inside.push(line.replace(/^\t/, ''));
  }
  return inside.join('\n').trim();
}
