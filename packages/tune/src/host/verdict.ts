/** Whether a machine is well after a change. */
export interface Verdict {
  readonly healthy: boolean;
  /** What got worse, one sentence; null when it is healthy. */
  readonly reason: string | null;
}
