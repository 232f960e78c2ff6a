/** What the daemon has done to the machine it watches, for its API. */
export interface TuningStatus {
  /** The profile that it keeps in force; null when it was told none. */
  readonly profile: string | null;
  /** What happened, oldest first: plain data with a `kind`, and the time in seconds since the epoch. The last hundred. */
  readonly events: readonly { readonly time: number; readonly kind: string }[];
}

/** A daemon that tunes nothing. */
export const UNTUNED: TuningStatus = { profile: null, events: [] };
