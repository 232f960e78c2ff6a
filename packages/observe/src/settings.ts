import { HecateError } from '@hecate/host';
import { getDotPath, safeParse } from 'valibot';
import type { BaseIssue, GenericSchema, InferOutput } from 'valibot';

/** What a value is called where a user wrote another. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  boolean: 'true or false',
  Array: 'a list',
  Object: 'a table',
};

/** The end of a sentence whose subject is the setting. */
function complaint({ type, kind, expected, received, message }: BaseIssue<unknown>): string {
  // A schema that says it better has its own words.
  if (!message.startsWith('Invalid ')) return message;
  if (kind === 'schema' && received === 'undefined') return 'must be given';
  const alternatives = expected?.match(/"[^"]*"/g);
  const wanted = KINDS[expected ?? ''] ?? (alternatives ? `one of ${alternatives.join(', ')}` : (expected ?? type));
  return `must be ${wanted}, not ${received}`;
}

/** `rule.2.for`: the third of a list is the third for people too. */
const nameOf = (dotted: string): string => dotted.replaceAll(/\.(\d+)(?=\.|$)/g, (_, index: string) => ` ${Number(index) + 1}`);

/**
 * What a user wrote, checked against a schema. `place` says where it stands: `/etc/hecate/config.toml, [alerts]`.
 * Throws INVALID with one sentence about the first thing that is wrong. A schema may say what is wrong in words of its own, as the
 * end of a sentence: `v.minValue(1, 'must be 1 or more')`.
 */
export function checkSettings<Schema extends GenericSchema>(schema: Schema, value: unknown, place: string): InferOutput<Schema> {
  const checked = safeParse(schema, value, { abortEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const path = getDotPath(issue);
  if (path === null) throw new HecateError('INVALID', `${place} ${complaint(issue)}.`);
  if (issue.expected === 'never') {
    const known = 'entries' in schema ? Object.keys(schema.entries as object) : [];
    const atTop = issue.path?.length === 1 && known.length > 0;
    const details = atTop ? { hint: `Known are ${known.join(', ')}.` } : {};
    throw new HecateError('INVALID', `${place}: there is no setting ${JSON.stringify(nameOf(path))}.`, details);
  }
  throw new HecateError('INVALID', `${place}: ${nameOf(path)} ${complaint(issue)}.`);
}
