/** A signal that ends a long command, and how to stop listening. */
export interface Ending {
  readonly signal: AbortSignal;
  release(): void;
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts at Ctrl-C, SIGTERM or SIGHUP, so that a command can put things in order; a second one ends it at once. */
export function untilSignal(): Ending {
  const controller = new AbortController();
  const end = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  for (const name of ENDING) process.on(name, end);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of ENDING) process.off(name, end);
    },
  };
}
