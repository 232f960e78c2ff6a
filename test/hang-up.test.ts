import { expect, test } from 'vitest';
import { cleanEnvironment, HECATE } from './cli.testing.ts';
import { HAS_PTY, startPty } from './pty.testing.ts';

test.skipIf(!HAS_PTY).each([true, false])(
  'a command whose terminal is closed (SIGHUP: %s) ends, and leaves no core behind',
  async (withSignal) => {
    const pty = await startPty([process.execPath, HECATE, 'watch'], { env: cleanEnvironment({ TERM: 'xterm' }) });
    await pty.until(/Watching/, 20);
    pty.hangUp(withSignal);
    // Without a signal a watch that prints nothing does not notice that nobody reads it.
    if (!withSignal) pty.signal('SIGTERM');
    // Node itself aborts here.
    expect((await pty.ended(20)).signal).not.toBe('SIGABRT');
  },
);
