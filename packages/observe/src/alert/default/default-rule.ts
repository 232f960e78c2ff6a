import type { RuleTable } from '../rule.ts';

/** A rule that holds unless the configuration says otherwise, and where its bounds come from. */
export interface DefaultRule {
  readonly rule: RuleTable & { readonly name: string };
  /** Why these bounds: one sentence or two, for the documentation. */
  readonly why: string;
}

/** Why many of the bounds are what they are. */
export const NETDATA: string = 'The bounds of netdata, whose host alerts many people have lived with.';
