import { HecateError } from '@hecate/host';
import { parse, TomlError } from 'smol-toml';
import { entryOf } from './entry.ts';
import { KNOBS, knobOf } from './knobs/index.ts';
import { identityOf } from './knobs/knob.ts';
import { PROFILE_NAME } from './profile.ts';
import type { KnobEntry, Profile } from './profile.ts';
import { complain, knownName, requireText } from './table.ts';
import type { Place, Table } from './table.ts';

/** More than any profile needs; a file of that size is none. */
const MOST_TEXT = 256 * 1024;
const MOST_KNOBS = 500;
const PROPERTIES = ['name', 'title', 'summary', 'include', 'without', 'knobs'] as const;
const NAME_RULE = 'lower-case letters, digits and dashes, at most 64';

/**
 * A profile of its TOML text; what it includes is not looked for. `place` is the file, for messages.
 * Throws INVALID with file, line and sentence: broken TOML, an unknown knob, option or condition, a wrong type, one thing set twice.
 */
export function parseProfile(text: string, place: string): Profile {
  if (text.length > MOST_TEXT) throw new HecateError('INVALID', `${place} is too long for a profile.`);
  let raw: Table;
  try {
    raw = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [, reason = 'it cannot be read'] = /^Invalid TOML document: (.*)/.exec(error.message) ?? [];
    throw new HecateError('INVALID', `${place}:${error.line}:${error.column}: This is no TOML: ${reason}.`, { cause: error });
  }
  return profileOf(raw, place, knobLines(text));
}

/** The lines at which `[[knobs]]` begin. */
function knobLines(text: string): number[] {
  return text.split('\n').flatMap((line, index) => (/^\s*\[\[\s*(?:knobs|"knobs"|'knobs')\s*\]\]/.test(line) ? [index + 1] : []));
}

/** A profile of plain data, as TOML has it. `lines` are those at which its knobs begin, where they are known. Throws as parseProfile. */
export function profileOf(raw: Table, place: string, lines: readonly number[] = []): Profile {
  const at: Place = { file: place, line: null, what: 'The profile' };
  for (const property of Object.keys(raw)) knownName(property, PROPERTIES, 'property', at);
  const knobs = raw['knobs'] ?? [];
  if (!Array.isArray(knobs)) throw complain(at, 'has wrong knobs: each must begin with [[knobs]]');
  if (knobs.length > MOST_KNOBS) throw complain(at, `has more than ${MOST_KNOBS} knobs`);
  // A `[[knobs]]` in a text of several lines counts too: then no line is better than a wrong one.
  const known = lines.length === knobs.length;
  const places = knobs.map((_, index): Place => ({ file: place, line: known ? lines[index]! : null, what: `Knob ${index + 1}` }));
  const entries = knobs.map((entry: unknown, index) => entryOf(entry, places[index]!));
  refuseTwice(entries, places);
  return {
    name: profileName(requireText(raw, 'name', at), 'name', at),
    title: requireText(raw, 'title', at),
    summary: requireText(raw, 'summary', at),
    include: raw['include'] === undefined ? null : profileName(requireText(raw, 'include', at), 'include', at),
    without: identities(raw['without'], at),
    knobs: entries,
  };
}

function profileName(name: string, property: string, place: Place): string {
  if (PROFILE_NAME.test(name)) return name;
  throw complain(place, `has a wrong ${property} ${JSON.stringify(name)}: it must be ${NAME_RULE}`);
}

function identities(raw: unknown, place: Place): string[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw) || !raw.every((one) => typeof one === 'string')) {
    throw complain(place, 'has a wrong without: it must be a list of texts such as "sysctl vm.swappiness"');
  }
  for (const identity of raw) knownName(identity.split(' ', 1)[0]!, [...KNOBS.keys()], 'knob', place);
  return raw;
}

/** Throws INVALID when a profile sets one thing twice, unless each time has a condition of its own. */
function refuseTwice(entries: readonly KnobEntry[], places: readonly Place[]): void {
  const seen = new Map<string, Set<string>>();
  for (const [index, entry] of entries.entries()) {
    const identity = identityOf(knobOf(entry.knob), entry);
    const condition = JSON.stringify(Object.entries(entry.when).sort(([a], [b]) => (a < b ? -1 : 1)));
    const others = seen.get(identity);
    if (others !== undefined && (others.has(condition) || others.has('[]') || condition === '[]')) {
      throw complain(places[index]!, `sets ${identity} a second time`, 'One thing may be set twice when each has a `when` of its own.');
    }
    seen.set(identity, (others ?? new Set()).add(condition));
  }
}
