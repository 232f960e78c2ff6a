/** One row of values and its moment. */
export interface SourceRow {
  /** Seconds since the epoch. */
  readonly time: number;
  /** In the order of the recorder's columns; null where unknown. */
  readonly values: readonly (number | null)[];
}

/** Where the rows of a recording come from. */
export interface RowSource {
  /** What it is, for messages: `mactop at http://localhost:8888/metrics`. */
  readonly name: string;
  /**
   * Seconds after a tick at which it wants to be read; 0 when absent. A server that samples at whole seconds too has its new
   * sample a moment later; read at the tick, it would now and then show the old one twice.
   */
  readonly delay?: number;
  /** Reads one row. Rejects with a HecateError when there is none this time; the next read may succeed. */
  read(signal?: AbortSignal): Promise<SourceRow>;
  /** Gives everything back that opening took, and stops what it started. The second time does nothing. */
  close(): Promise<void>;
}
