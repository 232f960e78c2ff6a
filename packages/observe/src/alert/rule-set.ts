import { HecateError, nearestNames } from '@hecate/host';
import { DEFAULT_RULES } from './default-rules.ts';
import { compileRule } from './rule.ts';
import type { Rule } from './rule.ts';

/** The rules of a configuration, before ours are put beside them. */
export interface RuleChoice {
  /** Those that the user wrote, where they change one of ours with what it had. */
  readonly rules: readonly Rule[];
  /** Names of ours that are left out: disabled, or written anew. */
  readonly without: ReadonlySet<string>;
}

const OURS: ReadonlyMap<string, (typeof DEFAULT_RULES)[number]['rule']> = new Map(DEFAULT_RULES.map(({ rule }) => [rule.name, rule]));

/** Where a rule stands. */
const nameOf = (table: unknown): string | undefined => {
  const name = typeof table === 'object' && table !== null ? (table as { readonly name?: unknown }).name : undefined;
  return typeof name === 'string' ? name : undefined;
};

/**
 * Checks what the user wrote: rules of their own, ours with other bounds (a rule of the same name changes it key by key), and
 * names of ours that shall not hold. Throws INVALID.
 */
export function chooseRules(tables: readonly unknown[], disable: readonly string[], place: string): RuleChoice {
  const wrong = disable.find((name) => !OURS.has(name));
  if (wrong !== undefined) {
    const near = nearestNames(wrong, [...OURS.keys()]);
    const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Rules are ${[...OURS.keys()].join(', ')}.`;
    throw new HecateError('INVALID', `${place}: disable names ${JSON.stringify(wrong)}, which is no rule of ours.`, { hint });
  }
  const without = new Set(disable);
  const rules: Rule[] = [];
  const seen = new Set<string>();
  for (const [index, table] of tables.entries()) {
    const name = nameOf(table);
    const ours = name === undefined ? undefined : OURS.get(name);
    const rule = compileRule(ours ? changed(ours, table as object) : table, name === undefined ? `${place}, rule ${index + 1}` : place);
    if (name !== undefined) {
      if (seen.has(name)) throw new HecateError('INVALID', `${place}: there are two rules ${JSON.stringify(name)}.`);
      seen.add(name);
      without.add(name);
    }
    if (rule && !disable.includes(rule.name)) rules.push(rule);
  }
  return { rules, without };
}

/** A bound that is written anew takes its own clear bound with it: ours may lie on the wrong side of it. */
function changed(ours: object, table: object): object {
  const kept = Object.entries(ours).filter(
    ([key]) => !(key === 'clear_warning' && 'warning' in table) && !(key === 'clear_critical' && 'critical' in table),
  );
  return { ...Object.fromEntries(kept), ...table };
}

/** All rules that hold: ours that nobody took away, then those of the user. */
export function compileDefaults({ rules, without }: RuleChoice): Rule[] {
  const ours = DEFAULT_RULES.filter(({ rule }) => !without.has(rule.name)).flatMap(({ rule }) => compileRule(rule, 'our rules') ?? []);
  return [...ours, ...rules];
}

/** What each rule judges, by the rule's name: `memory_available_percent`. */
export function judgedBy(choice: RuleChoice): ReadonlyMap<string, string> {
  return new Map(compileDefaults(choice).map(({ name, source }) => [name, source.what]));
}

/** Whether any of the rules asks what is usual. */
export function wantsAnomaly({ rules, without }: RuleChoice): boolean {
  return !without.has('anomaly') || rules.some(({ source }) => source.what.startsWith('anomaly:'));
}
