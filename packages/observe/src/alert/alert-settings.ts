import { HecateError } from '@hecate/host';
import { array, boolean, optional, strictObject, string, unknown } from 'valibot';
import { parseNotifyTargets } from '../notify/notify-settings.ts';
import type { NotifySettings } from '../notify/notify-settings.ts';
import { checkSettings } from '../settings.ts';
import { parseSpan } from './quantity.ts';
import { parseQuietHours } from './quiet-hours.ts';
import type { QuietHours } from './quiet-hours.ts';
import { chooseRules } from './rule-set.ts';
import type { RuleChoice } from './rule-set.ts';

/** `[alerts]` of config.toml. */
export interface AlertSettings extends RuleChoice {
  /** Whether anything is judged. Default true. */
  readonly enabled: boolean;
  /** When nobody is told. */
  readonly quiet: readonly QuietHours[];
  /** Whether critical alerts are told in quiet hours all the same. Default true. */
  readonly quietLetsCriticals: boolean;
  /** Seconds after which what is still wrong is told again; 0: never, which is the default. */
  readonly repeat: number;
  /** Seconds in which changes are gathered into one message. Default 10. */
  readonly group: number;
  /** Who is told. */
  readonly notify: readonly NotifySettings[];
}

const SCHEMA = strictObject({
  enabled: optional(boolean(), true),
  disable: optional(array(string()), []),
  rule: optional(array(unknown()), []),
  quiet: optional(array(string()), []),
  quiet_criticals: optional(boolean(), false),
  repeat: optional(string(), '0s'),
  group: optional(string(), '10s'),
  notify: optional(array(unknown()), []),
});

/** Most seconds that changes are gathered: an hour. */
const MOST_GROUP = 3600;

function span(place: string, key: string, text: string): number {
  const seconds = parseSpan(text);
  if (seconds !== null) return seconds;
  throw new HecateError('INVALID', `${place}: ${key} must be a time such as "10s" or "4h", not ${JSON.stringify(text)}.`);
}

function quietHours(place: string, text: string, index: number): QuietHours {
  try {
    return parseQuietHours(text);
  } catch (error) {
    if (error instanceof HecateError) throw new HecateError('INVALID', `${place}: quiet ${index + 1} ${error.message}.`);
    throw error;
  }
}

/** The section of config.toml. Throws INVALID with one sentence about the first thing that is wrong. */
export function parseAlertSettings(raw: unknown, place: string): AlertSettings {
  const checked = checkSettings(SCHEMA, raw ?? {}, place);
  const group = span(place, 'group', checked.group);
  if (group > MOST_GROUP) throw new HecateError('INVALID', `${place}: group must be at most 1h.`);
  const repeat = span(place, 'repeat', checked.repeat);
  if (repeat > 0 && repeat < 60) throw new HecateError('INVALID', `${place}: repeat must be 0s (never) or at least 1m.`);
  return {
    ...chooseRules(checked.rule, checked.disable, place),
    enabled: checked.enabled,
    quiet: checked.quiet.map((text, index) => quietHours(place, text, index)),
    quietLetsCriticals: !checked.quiet_criticals,
    repeat,
    group,
    notify: parseNotifyTargets(checked.notify, place),
  };
}
