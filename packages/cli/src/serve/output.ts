/**
 * Lets a daemon outlive those who read its output: a pipe that is closed, or a file on a disk that is full. What it has to say is lost
 * then, and said again with the next trouble; that it goes on recording is worth more. Other commands end when nobody reads.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
}
