/** Who decides about the speed of a fan: the chip or firmware, whoever set it, or nobody, and it runs at full speed. */
export type FanMode = 'automatic' | 'manual' | 'full';

/** How a fan can be set. */
export interface FanControl {
  /** What a level is: a share of full power, 0 to 1, or revolutions per minute. */
  readonly unit: 'duty' | 'rpm';
  /** The fan's own minimum and maximum while it turns. */
  readonly least: number;
  readonly most: number;
  /** Whether the fan itself says that it may stand still: its chip lets it do so too. */
  readonly mayStop: boolean;
}

/** A fan at one moment. */
export interface Fan {
  /** `nct6798/fan2`: the same at each boot, and at most one on a machine. `nct6798/pwm5` for an output that nobody counts the turns of. */
  readonly id: string;
  /** What the driver calls it; null when it has no name. */
  readonly label: string | null;
  /** Null where nobody counts, or it cannot be read now. */
  readonly rpm: number | null;
  /** What the chip takes for the least and most turns; null where it says nothing. */
  readonly leastRpm: number | null;
  readonly mostRpm: number | null;
  /** Share of full power, 0 to 1; null where there is no output, or it cannot be read now. */
  readonly duty: number | null;
  /** Null where it is not known. */
  readonly mode: FanMode | null;
  /** Ids of the temperatures that it follows while the chip decides; null where that is not known. */
  readonly follows: readonly string[] | null;
  /** Null for one that can only be looked at; `why` says why. */
  readonly control: FanControl | null;
  readonly why: string | null;
}

/** A temperature at one moment. */
export interface FanTemperature {
  /** `k10temp/temp1`: the same at each boot, and at most one on a machine. */
  readonly id: string;
  readonly label: string | null;
  /** Null when it cannot be read now, or means nothing. */
  readonly celsius: number | null;
  /** From where on the chip is in danger; null where the driver does not say. */
  readonly critical: number | null;
}

/** What is known of fans at one moment. */
export interface FanReading {
  readonly fans: readonly Fan[];
  readonly temperatures: readonly FanTemperature[];
  /** Why there are no fans, as a sentence; null when there are. */
  readonly none: string | null;
}

/** A fan that is in our hands. */
export interface HeldFan {
  /** Of the fan. */
  readonly id: string;
  /** Number of the change that holds it. */
  readonly change: number;
}

/** Who holds a fan. */
export interface FanHolder extends HeldFan {
  /** Process that it is held for; null for none. */
  readonly process: number | null;
}

/**
 * One way to look at fans and to set them. Levels are in the unit of the fan's control, inside of its bounds (or 0, where it may stop):
 * who calls has seen to that. What was there before a fan was taken is on disk before anything is written, and comes back whatever
 * becomes of this process.
 */
export interface FanDriver {
  /** All fans and temperatures as they are now. */
  read(): Promise<FanReading>;
  /**
   * Takes a fan and sets it. Rejects with UNSUPPORTED for one that cannot be set, DENIED without the right to, CONFLICT when somebody
   * else has it or the firmware does not let go; then all is as before.
   */
  take(id: string, level: number): Promise<HeldFan>;
  /** Sets a fan that is held. Rejects with CONFLICT when it is not in our hands any more. */
  set(held: HeldFan, level: number): Promise<void>;
  /** Gives a fan back, as it was before it was taken. Rejects with FAILED when that cannot be done now; a guard goes on trying. */
  release(held: HeldFan, why: string): Promise<void>;
  /** The fans that are held, by whatever process of hecate. */
  holders(): Promise<readonly FanHolder[]>;
  close(): void;
}
