import { checkSettings } from '@hecate/observe';
import { maxValue, minValue, number, optional, pipe, regex, strictObject, string } from 'valibot';

/** `[tune]`: what the daemon does to the machine it watches. */
export interface TuneConfig {
  /** The profile that is in force while the daemon runs; `auto`: the one that fits the machine. Null: none, which is the default. */
  readonly profile: string | null;
  /** Seconds from the start of the daemon until the profile is applied, 0 to 60. Default 20. */
  readonly settle: number;
  /** Seconds in which the machine is watched after that; when it gets worse, all is undone. 0: it is not watched. Default 30. */
  readonly watch: number;
}

const seconds = (most: number) => {
  const words = `must be a number of seconds from 0 to ${most}`;
  return pipe(number(words), minValue(0, words), maxValue(most, words));
};

const PROFILE = 'must be the name of a profile, "auto" or "off"';

const SCHEMA = strictObject({
  profile: optional(pipe(string(PROFILE), regex(/^[a-z0-9][a-z0-9-]*$/, PROFILE)), 'off'),
  settle: optional(seconds(60), 20),
  watch: optional(seconds(3600), 30),
});

/** The section of `config.toml`; `HECATE_TUNE_PROFILE` comes before what it says of the profile. Throws INVALID. */
export function parseTune(raw: unknown, place: string): TuneConfig {
  const { profile, ...rest } = checkSettings(SCHEMA, raw ?? {}, place);
  const wanted = process.env['HECATE_TUNE_PROFILE'] || profile;
  return { profile: wanted === 'off' ? null : wanted, ...rest };
}
