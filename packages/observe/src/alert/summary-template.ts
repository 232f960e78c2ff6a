import { HecateError } from '@hecate/host';
import { encodeDuration, encodeValue } from '../analyze/unit.ts';
import type { ColumnUnit } from '../record/columns.ts';
import { clean } from '../terminal/text.ts';

/** A sentence with places for values. */
export interface Template {
  /** Text, then a place, then text again, …: one text more than places. */
  readonly texts: readonly string[];
  readonly places: readonly string[];
}

/** Letters of an object's name that are shown: a hostile one may be as long as it likes. */
const LONGEST = 120;

/** A value as people read it; null and what is no number are words. */
export function valueText(value: number | null, unit: ColumnUnit): string {
  if (value === null) return 'unknown';
  if (value === Number.POSITIVE_INFINITY) return 'never';
  return unit === 'seconds' && value >= 60 ? encodeDuration(value) : encodeValue(value, unit);
}

/** The name of an object, safe to show anywhere that text is shown: no control characters, and of a bounded length. */
export function objectText(object: string | null): string {
  const letters = clean(object ?? 'the machine');
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST)}…` : letters;
}

/**
 * Reads `{object} is {value} full`. Places are `object`, `value`, and the readings of the rule's subject.
 * Throws INVALID with the end of a sentence whose subject is the setting.
 */
export function parseTemplate(text: string, readings: ReadonlyMap<string, ColumnUnit>): Template {
  const parts = text.split(/\{([^{}]*)\}/);
  const places = parts.filter((_, index) => index % 2 === 1);
  const wrong = places.find((place) => place !== 'object' && place !== 'value' && !readings.has(place));
  if (wrong !== undefined) {
    const hint = `Known are {object}, {value}${[...readings.keys()]
      .slice(0, 12)
      .map((name) => `, {${name}}`)
      .join('')}.`;
    throw new HecateError('INVALID', `has a place {${wrong}}, which nothing is known about`, { hint });
  }
  return { texts: parts.filter((_, index) => index % 2 === 0), places };
}

/** The sentence. Values are put in once, as text: what looks like a place in a name stays what it is. */
export function fillTemplate({ texts, places }: Template, valueOf: (place: string) => string): string {
  return texts.map((text, index) => (index === 0 ? text : valueOf(places[index - 1] as string) + text)).join('');
}
