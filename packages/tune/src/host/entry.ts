import type { Risk } from '@hecate/change';
import { CONDITION_NAMES, conditionRule } from './conditions.ts';
import type { Conditions } from './conditions.ts';
import { KNOBS } from './knobs/index.ts';
import type { Knob } from './knobs/knob.ts';
import type { KnobEntry, OptionValue } from './profile.ts';
import { FLAG, oneOf, SIZE } from './rule.ts';
import type { Rule } from './rule.ts';
import { complain, isTable, knownName, requireText } from './table.ts';
import type { Place, Table } from './table.ts';
import { parseSize, SHARE_UNITS } from './value.ts';
import type { Bound, KnobValue, Scalar, Share } from './value.ts';

/** What every entry may say beside the options of its knob. */
const COMMON = ['knob', 'value', 'raise', 'lower', 'when', 'why', 'source', 'risk', 'required'];
const RISK = oneOf(['live', 'restart', 'reboot']);

/** One `[[knobs]]` of a profile. Throws INVALID with a sentence that begins with the place. */
export function entryOf(raw: unknown, place: Place): KnobEntry {
  if (!isTable(raw)) throw complain(place, 'is no table');
  const name = requireText(raw, 'knob', place);
  const knob = KNOBS.get(knownName(name, [...KNOBS.keys()], 'knob', place))!;
  const at: Place = { ...place, what: `${place.what} (${name})` };
  for (const property of Object.keys(raw)) knownName(property, [...COMMON, ...Object.keys(knob.options)], 'option', at);
  const entry: KnobEntry = {
    knob: name,
    options: optionsOf(raw, knob, at),
    value: valueOf(raw, knob, at),
    bound: boundOf(raw, knob, at),
    when: conditionsOf(raw['when'], at),
    why: requireText(raw, 'why', at),
    source: requireText(raw, 'source', at),
    risk: (check(raw, 'risk', RISK, at) as Risk | undefined) ?? 'live',
    required: (check(raw, 'required', FLAG, at) as boolean | undefined) ?? false,
  };
  const wrong = knob.refuse?.(entry) ?? null;
  if (wrong !== null) throw complain(at, wrong);
  return entry;
}

/** A property that may be missing. */
function check(raw: Table, property: string, rule: Rule, place: Place): unknown {
  const value = raw[property];
  if (value === undefined || rule.holds(value)) return value;
  throw complain(place, `has a wrong ${property}: it must be ${rule.must}`);
}

function optionsOf(raw: Table, knob: Knob, place: Place): KnobEntry['options'] {
  const found = Object.entries(knob.options).flatMap(([option, rule]) => {
    const value = check(raw, option, rule, place);
    if (value === undefined && rule.required) throw complain(place, `has no ${option}: it must be ${rule.must}`);
    return value === undefined ? [] : [[option, value as OptionValue] as const];
  });
  return Object.fromEntries(found);
}

function valueOf(raw: Table, { value: rules }: Knob, place: Place): KnobValue | null {
  const { value } = raw;
  if (rules === null) {
    if (value !== undefined) throw complain(place, 'has a value, and this knob takes options only');
    return null;
  }
  if (value === undefined) throw complain(place, `has no value: it must be ${rules.rule.must}`);
  if (isTable(value)) {
    if (!rules.share) throw complain(place, 'has a share as value, and this knob takes none');
    return shareOf(value, place);
  }
  if (!Array.isArray(value)) {
    if (!rules.rule.holds(value)) throw complain(place, `has a wrong value: it must be ${rules.rule.must}`);
    return value as Scalar;
  }
  if (!rules.preferences) throw complain(place, `has a list as value: it must be ${rules.rule.must}`);
  if (value.length === 0 || value.length > 16 || !value.every((one) => rules.rule.holds(one))) {
    throw complain(place, `has a wrong list of preferences: each must be ${rules.rule.must}`);
  }
  return value as readonly Scalar[];
}

const SHARE: Readonly<Record<string, Rule>> = {
  share: {
    must: 'a number above 0 and at most 1',
    holds: (value) => typeof value === 'number' && value > 0 && value <= 1,
  },
  of: oneOf(['memory']),
  least: SIZE,
  most: SIZE,
  unit: oneOf(SHARE_UNITS),
};

function shareOf(raw: Table, place: Place): Share {
  const at: Place = { ...place, what: `${place.what}, value` };
  for (const property of Object.keys(raw)) knownName(property, Object.keys(SHARE), 'option', at);
  for (const [property, rule] of Object.entries(SHARE)) check(raw, property, rule, at);
  for (const property of ['share', 'of']) if (raw[property] === undefined) throw complain(at, `has no ${property}`);
  const size = (property: string): number | null => (raw[property] === undefined ? null : parseSize(raw[property] as string));
  const share: Share = {
    share: raw['share'] as number,
    of: 'memory',
    least: size('least'),
    most: size('most'),
    unit: (raw['unit'] as Share['unit'] | undefined) ?? 'bytes',
  };
  if (share.least !== null && share.most !== null && share.least > share.most) throw complain(at, 'has a least above its most');
  return share;
}

function boundOf(raw: Table, { value }: Knob, place: Place): Bound | null {
  const found = (['raise', 'lower'] as const).filter((bound) => check(raw, bound, FLAG, place) === true);
  if (found.length === 2) throw complain(place, 'may be raised only and lowered only, which is a contradiction');
  const [bound = null] = found;
  if (bound !== null && value?.bounds !== true) throw complain(place, `has ${bound}, and this knob takes no such option`);
  return bound;
}

function conditionsOf(raw: unknown, place: Place): Conditions {
  if (raw === undefined) return {};
  if (!isTable(raw)) throw complain(place, 'has a wrong when: it must be a table such as { virtual = false }');
  const at: Place = { ...place, what: `${place.what}, when` };
  for (const name of Object.keys(raw)) {
    knownName(name, CONDITION_NAMES, 'condition', at);
    check(raw, name, conditionRule(name)!, at);
  }
  return { ...raw };
}
