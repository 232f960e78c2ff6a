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
  /** Reads one row. Rejects with a HecateError when there is none this time; the next read may succeed. */
  read(signal?: AbortSignal): Promise<SourceRow>;
  /** Gives everything back that opening took, and stops what it started. The second time does nothing. */
  close(): Promise<void>;
}
