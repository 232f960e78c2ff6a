/** How bad it is. */
export type Severity = 'warning' | 'critical';

/** One thing that is wrong, or was. A rule that is judged per object (a mount, an interface) has an alert for each. */
export interface Alert {
  /** `<rule>` or `<rule>/<object>`: the same for as long as rule and object exist. */
  readonly id: string;
  readonly rule: string;
  /** What it is about: a mount point, an interface, a disk; null for the whole machine. */
  readonly object: string | null;
  /** Null: nothing is wrong. */
  readonly severity: Severity | null;
  /** What was compared, now; null when it is not known. */
  readonly value: number | null;
  readonly unit: string;
  /** One sentence for people: what is wrong, with the value. */
  readonly summary: string;
  /** What to do about it; null when the rule does not say. */
  readonly advice: string | null;
  /** Seconds since the epoch at which it got this severity. */
  readonly since: number;
  /** Seconds since the epoch until which nobody is told; null: it is not silenced. */
  readonly silencedUntil: number | null;
}

/** An alert that changed its severity. */
export interface AlertChange {
  readonly time: number;
  readonly previous: Severity | null;
  readonly alert: Alert;
}

/** What is judged, and what came of it. */
export interface Alerts {
  /** What is wrong now; the worst first, of equal ones the newest. */
  active(): readonly Alert[];
  /** Every alert that a rule can say anything about now, whether something is wrong or not. */
  all(): readonly Alert[];
  /** The last changes, the newest first. */
  history(limit: number): readonly AlertChange[];
  /**
   * Tells nobody about what matches until then; `id` is that of an alert or of a rule. `until` null ends a silence.
   * Throws INVALID when there is neither.
   */
  silence(id: string, until: number | null): void;
  /** Calls back when an alert changes its severity, silenced ones too. Returns how to stop it. */
  subscribe(listener: (change: AlertChange) => void): () => void;
}
