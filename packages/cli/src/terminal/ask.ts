import { createInterface } from 'node:readline';

/** Whether somebody sits there who can be asked. */
export const canAsk = (): boolean => process.stdin.isTTY && process.stderr.isTTY;

/**
 * Asks a question that is answered with yes or no, on standard error, and returns whether the answer was yes. No answer is no:
 * an empty line, the end of the input, and `signal`.
 */
export function ask(question: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    // Not as an editor of lines: that would take Ctrl-C from the signals.
    const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
    const finish = (answer: boolean): void => {
      signal.removeEventListener('abort', refuse);
      lines.removeAllListeners().close();
      resolve(answer);
    };
    const refuse = (): void => {
      process.stderr.write('\n');
      finish(false);
    };
    if (signal.aborted) return finish(false);
    signal.addEventListener('abort', refuse, { once: true });
    lines.once('line', (line) => finish(/^\s*y(?:es)?\s*$/i.test(line)));
    lines.once('close', refuse);
    process.stderr.write(`${question} [y/N] `);
  });
}
