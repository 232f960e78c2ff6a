import { stringify } from 'smol-toml';
import type { KnobEntry, Profile } from '../host/profile.ts';
import { isShare } from '../host/value.ts';
import type { KnobValue } from '../host/value.ts';

/** What stands in a profile's file beside the profile: lines above everything, and above each knob by its place. */
export interface ProfileComments {
  readonly head?: readonly string[];
  readonly knobs?: readonly (readonly string[])[];
}

/** A profile as the TOML of its file. What has its default value is left out. */
export function encodeProfile({ name, title, summary, include, without, knobs }: Profile, comments: ProfileComments = {}): string {
  const head = { name, title, summary, ...(include === null ? {} : { include }), ...(without.length === 0 ? {} : { without }) };
  const entries = knobs.map((entry, index) => commentText(comments.knobs?.[index] ?? []) + stringify({ knobs: [knobTable(entry)] }));
  return `${[commentText(comments.head ?? []) + stringify(head), ...entries].map((part) => part.trim()).join('\n\n')}\n`;
}

function knobTable({ knob, options, value, bound, when, why, source, risk, required }: KnobEntry): Readonly<Record<string, unknown>> {
  return {
    knob,
    ...options,
    ...(value === null ? {} : { value: valueTable(value) }),
    ...(bound === null ? {} : { [bound]: true }),
    ...(Object.keys(when).length === 0 ? {} : { when }),
    why,
    source,
    ...(risk === 'live' ? {} : { risk }),
    ...(required ? { required } : {}),
  };
}

function valueTable(value: KnobValue): unknown {
  if (!isShare(value)) return value;
  const { share, of, least, most, unit } = value;
  return { share, of, ...(least === null ? {} : { least: sizeText(least) }), ...(most === null ? {} : { most: sizeText(most) }), unit };
}

const SIZE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bytes in the largest unit that they are a whole number of: `64MiB`. */
function sizeText(bytes: number): string {
  let [number, unit] = [bytes, 0];
  while (number > 0 && number % 1024 === 0 && unit < SIZE_UNITS.length - 1) [number, unit] = [number / 1024, unit + 1];
  return `${number}${SIZE_UNITS[unit]!}`;
}

/** Nothing that a machine or a workload is called may end a comment. */
const commentText = (lines: readonly string[]): string =>
  lines.map((line) => `${`# ${line.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')}`.trimEnd()}\n`).join('');
