import type { Clock } from '@hecate/host';

/** Seconds by which the two clocks may differ, or a pause may be too long, on a machine that is merely busy. */
const SLACK = 5;

/**
 * Tells whether the machine has slept since the last call, `pause` seconds ago as it was meant: the clock on the wall went on and the other
 * one stood, or, where that one goes on too (macOS), the pause was far too long. A clock that was set forward looks the same.
 */
export function watchSleep(clock: Clock): (pause: number) => boolean {
  let [wall, steady] = [clock.now(), clock.monotonic()];
  return (pause) => {
    const [wallBefore, steadyBefore] = [wall, steady];
    [wall, steady] = [clock.now(), clock.monotonic()];
    const passed = steady - steadyBefore;
    return wall - wallBefore - passed > SLACK || passed > pause + 2 * SLACK;
  };
}
