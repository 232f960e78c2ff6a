import type { Frame } from '../serve/hub.ts';
import type { Severity } from './alerts.ts';
import { createJudge } from './judge.ts';
import { compileDefaults } from './rule-set.ts';
import type { RuleChoice } from './rule-set.ts';
import { valueText } from './summary-template.ts';

/** What one rule says of one object at one moment. */
export interface Opinion {
  readonly rule: string;
  /** Null: the whole machine. */
  readonly object: string | null;
  /** What the rule judges: `memory_available_percent`. */
  readonly what: string;
  readonly severity: Severity | null;
  /** Null: it is not known, or without end. */
  readonly value: number | null;
  readonly unit: string;
  /** The value as people read it. */
  readonly text: string;
  /** The sentence; empty where nothing is wrong. */
  readonly summary: string;
}

/**
 * What all rules say of one frame, as if it had been like that for as long as they want: no waiting, no averages. Rules about a
 * change find none. Rules whose objects are not here say nothing.
 */
export function judgeOnce(choice: RuleChoice, frame: Frame): Opinion[] {
  return compileDefaults(choice).flatMap((rule) => {
    const use = rule.use === 'sum' || rule.use === 'change' ? rule.use : 'last';
    const judge = createJudge({ ...rule, use, hold: 0 }, {}, 1, 0);
    judge.look(frame);
    return [...judge.matters.values()].map(({ object, severity, value, summary }) => ({
      rule: rule.name,
      object,
      what: rule.source.what,
      severity,
      value: value !== null && Number.isFinite(value) ? value : null,
      unit: rule.source.unit,
      text: valueText(value, rule.source.unit),
      summary,
    }));
  });
}
