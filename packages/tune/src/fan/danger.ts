import type { Fan, FanReading } from './fan-driver.ts';

/** Degrees below its critical temperature at which a chip counts as out of danger. */
const RELIEF = 5;
/** Readings in a row without a turn that make a fan one that stands. */
const STANDS = 3;

/** What speaks for full speed whatever was asked for, told anew at each reading; null for nothing. */
export type DangerWatch = (reading: FanReading, fan: Fan, level: number) => string | null;

/** Watches for temperatures that are critical, and for the fan standing still although it is driven. */
export function watchDanger(): DangerWatch {
  const hot = new Set<string>();
  let hasTurned = false;
  let stood = 0;
  return ({ temperatures }, fan, level) => {
    for (const { id, celsius, critical } of temperatures) {
      if (celsius === null || critical === null) continue;
      if (celsius >= critical) hot.add(id);
      else if (celsius < critical - RELIEF) hot.delete(id);
    }
    hasTurned ||= (fan.rpm ?? 0) > 0;
    stood = hasTurned && fan.rpm === 0 && level > 0 ? stood + 1 : 0;
    const [hottest] = hot;
    if (hottest !== undefined) return `${hottest} is critically hot`;
    return stood >= STANDS ? `${fan.id} stands still` : null;
  };
}
