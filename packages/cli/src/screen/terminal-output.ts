import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

/** A terminal that is written to without ever waiting for it: one that stands still (Ctrl-S, a dead network) must not stop us. */
export interface TerminalOutput {
  /** Whether the last bytes are still under way: then nothing may be written. */
  busy(): boolean;
  /** Writes bytes, which may be changed afterwards. What the terminal does not take now follows as it does. */
  write(bytes: Uint8Array): void;
  /**
   * Writes a text now or never, and forgets what is under way: for the last words of a process. A terminal that takes nothing is given
   * a fifth of a second.
   */
  force(text: string): void;
  close(): void;
}

/** What the owner of an output is told. */
export interface OutputListener {
  /** The terminal has taken everything. It comes only after `busy` was true. */
  onDrain(): void;
  /** There is no terminal any more, or it cannot be written to. Comes once. */
  onGone(error: NodeJS.ErrnoException): void;
}

/** Milliseconds after which a terminal that took nothing is tried again. */
const RETRY = 15;
const LAST_WORDS = 200;

const { O_WRONLY, O_NOCTTY, O_NONBLOCK } = constants;

/**
 * Opens the terminal of a descriptor once more. Only a description of our own may be set not to wait: that of the descriptor belongs to
 * the shell too. Null: that is not possible, since the terminal belongs to another user, or there is no /proc.
 */
function openAgain(fd: number): number | null {
  // Without /proc only the terminal of the session has a name; it is the one that is meant where standard input is the same.
  const isOfSession = (): boolean => {
    try {
      return fstatSync(fd).rdev === fstatSync(0).rdev;
    } catch {
      return false; // Standard input is closed.
    }
  };
  for (const path of [`/proc/self/fd/${fd}`, ...(isOfSession() ? ['/dev/tty'] : [])]) {
    try {
      return openSync(path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
    } catch {
      continue; // The next one, or none: then we write to the descriptor itself, and wait where the terminal does.
    }
  }
  return null;
}

const isBusy = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EAGAIN';

/** Opens the terminal that a descriptor belongs to for writing. */
export function openTerminalOutput(fd: number, { onDrain, onGone }: OutputListener): TerminalOutput {
  const own = openAgain(fd);
  const to = own ?? fd;
  let rest: Uint8Array | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isGone = false;

  /** Writes until all is taken, the terminal takes no more, or it is gone; returns how much was taken. */
  const push = (bytes: Uint8Array): number => {
    let taken = 0;
    try {
      while (taken < bytes.length) taken += writeSync(to, bytes, taken);
    } catch (error) {
      if (isBusy(error)) return taken;
      isGone = true;
      onGone(error as NodeJS.ErrnoException);
      return bytes.length;
    }
    return taken;
  };

  const later = (): void => {
    timer = setTimeout(() => {
      const taken = push(rest!);
      rest = taken < rest!.length ? rest!.subarray(taken) : null;
      if (rest !== null) later();
      else if (!isGone) onDrain();
    }, RETRY);
  };

  return {
    busy: () => rest !== null,
    write(bytes) {
      if (isGone || bytes.length === 0) return;
      const taken = push(bytes);
      if (taken >= bytes.length) return;
      rest = bytes.slice(taken);
      later();
    },
    force(text) {
      if (timer !== null) clearTimeout(timer);
      rest = null;
      if (isGone) return;
      const bytes = Buffer.from(text);
      const end = Date.now() + LAST_WORDS;
      for (let taken = push(bytes); taken < bytes.length && Date.now() < end; taken += push(bytes.subarray(taken))) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY);
      }
    },
    close() {
      if (timer !== null) clearTimeout(timer);
      rest = null;
      isGone = true;
      if (own !== null) closeSync(own);
    },
  };
}
