import { openNative } from '@hecate/host';

/** A process that ends waits for its threads, so one that hangs in the kernel would keep it for ever. */
type Leave = (status: number) => void;

let leave: Leave | undefined;
const watched = new Set<() => boolean>();

/** `_exit(2)` ends all threads at once; where koffi does not load, SIGKILL does it too, at the price of the exit status. */
function loadLeave(): Leave {
  try {
    return openNative().libraryFunction('void _exit(int status)') as Leave;
  } catch {
    return () => process.kill(process.pid, 'SIGKILL');
  }
}

function onExit(status: number): void {
  if (![...watched].some((isHanging) => isHanging())) return;
  const listeners = process.listeners('exit');
  // We end the process here, so those behind us must have their turn before.
  for (const listener of listeners.slice(listeners.indexOf(onExit) + 1)) listener.call(process, status);
  leave?.(status);
}

/**
 * Lets `process.exit()` end the process although a system call hangs in one of its threads.
 * Called when a call is late; `isHanging` says whether one still is when the process ends.
 */
export function leaveDespite(isHanging: () => boolean): void {
  watched.add(isHanging);
  if (leave) return;
  leave = loadLeave();
  process.on('exit', onExit);
}
