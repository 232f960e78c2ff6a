import { isatty } from 'node:tty';

let isKept = false;

/**
 * Lets the process end by SIGHUP when its terminal has gone away by the time it exits, however it came to that. Node itself would abort
 * there, with a core dump: it sets the terminal back as it was, and checks that this succeeds. The second time does nothing.
 */
export function endByHangUp(): void {
  if (isKept) return;
  isKept = true;
  const terminals = [0, 1, 2].filter((fd) => isatty(fd));
  process.on('exit', () => {
    // A terminal that is gone is none any more.
    if (terminals.every((fd) => isatty(fd))) return;
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  });
}
