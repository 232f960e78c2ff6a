import { linkSync, mkdirSync, readFileSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A holder renews its lock each second; one not renewed for this long is left over (its pid may be someone else's by now). */
const STALE_SECONDS = 30;

/** Waits until no other set-up holds `file`, then runs `work` holding it. */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  while (!take(file)) {
    if (!told) process.stderr.write('hecate set-up: waiting for another set-up of this checkout.\n');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const renewal = setInterval(() => utimesSync(file, new Date(), new Date()), 1000);
  const release = () => rmSync(file, { force: true });
  process.on('exit', release);
  // Without a handler a signal ends the process before 'exit' handlers run. npm and tsc get the same signal from the terminal.
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ])
    process.on(signal, () => process.exit(128 + number));
  try {
    await work();
  } finally {
    clearInterval(renewal);
    process.off('exit', release);
    release();
  }
}

/** True when `file` is now ours. */
function take(file) {
  // The lock appears with its content in one step: a name linked to a file that is already written.
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    dropStale(file);
    return false;
  } finally {
    unlinkSync(mine);
  }
}

/** Removes a lock whose holder is gone. */
function dropStale(file) {
  if (!isStale(file)) return;
  // Only one waiter may remove it, and it looks again first: another may have removed it and taken a new one in between.
  const guard = `${file}.stale`;
  try {
    mkdirSync(guard);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (Date.now() - statSync(guard, { throwIfNoEntry: false })?.mtimeMs > STALE_SECONDS * 1000)
      rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    if (isStale(file)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_SECONDS * 1000) return true;
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return false;
  } catch (error) {
    // ESRCH: the holder is dead. ENOENT: already released, the next try gets it. EPERM: it lives and is another user's.
    return error.code === 'ESRCH';
  }
}
