/** How a process ended. Both null: nobody says. */
export interface ProcessEnding {
  readonly status: number | null;
  readonly signal: number | null;
}

/** Decodes the status of wait(2): the signal in the low seven bits, else the exit status above eight. */
export function endingOf(code: number): ProcessEnding {
  const signal = code & 0x7f;
  return signal === 0 ? { status: (code >>> 8) & 0xff, signal: null } : { status: null, signal };
}
