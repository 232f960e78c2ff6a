/** What has to be closed, in the reverse of the order in which it was opened. */
export interface Closing {
  add(close: () => void | Promise<void>): void;
  /** Closes everything. What one of them throws is told to `onError`, and keeps none of the others from being closed. */
  all(onError: (error: unknown) => void): Promise<void>;
}

/** Nothing yet. */
export function createClosing(): Closing {
  const open: (() => void | Promise<void>)[] = [];
  return {
    add: (close) => void open.push(close),
    async all(onError) {
      for (let close = open.pop(); close; close = open.pop()) {
        try {
          await close();
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
