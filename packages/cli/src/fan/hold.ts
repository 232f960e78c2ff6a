import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError } from '@hecate/host';
import {
  clampLevel,
  clampRpm,
  curveWish,
  holdFan,
  levelOfDuty,
  parsePoints,
  parseSpeed,
  percentOf,
  steadyWish,
  turningWish,
} from '@hecate/tune';
import type { Fan, FanControl, FanEvent, FanReading, WishMaker } from '@hecate/tune';
import { refuseSurplus } from '../changes/transaction-id.ts';
import { untilSignal } from '../signals.ts';
import { say } from '../terminal/note.ts';
import { sentences } from '../terminal/sentences.ts';
import { parseQueryValue } from '../top/process/query-value.ts';
import { findNamed } from './named.ts';
import { openFans, readFans, refuseRecording } from './open.ts';
import type { FanRequest } from './request.ts';

/** From where on it is full speed when neither the user nor the chip says. */
const CRITICAL = 90;
/** The longest time that a fan is held for: a month. */
const MOST_TIME = 2_678_400;

/** What makes wishes of a request, once it is known which fan it is about. */
type Wishing = (request: FanRequest, fan: Fan, control: FanControl, reading: FanReading) => WishMaker;

/** `hecate fan set FAN SPEED`. */
export function setFan(request: FanRequest): Promise<void> {
  const [, text, ...surplus] = request.words;
  refuseSurplus(surplus);
  if (text === undefined) throw new HecateError('INVALID', 'The speed is missing.', { hint: 'Write it as in: hecate fan set fan2 40%' });
  const speed = parseSpeed(text);
  return hold(request, (_request, fan, control) => {
    if ('rpm' in speed && control.unit === 'duty') {
      if (fan.rpm === null) {
        throw new HecateError('UNSUPPORTED', `Nobody counts the turns of the fan ${fan.id}.`, { hint: 'Say a share of its power: 40%.' });
      }
      if (speed.rpm === 0) clampLevel(0, control, request.allowStop === true);
      const rpm = clampRpm(speed.rpm, fan);
      if (rpm !== speed.rpm) say(`The chip gives ${fan.id} ${rpm} rpm as its bound: it is set to that.`);
      return rpm === 0 ? steadyWish(0) : turningWish(rpm, control);
    }
    const wanted = 'rpm' in speed ? speed.rpm : levelOfDuty(speed.duty, control);
    const { level, isOther } = clampLevel(wanted, control, request.allowStop === true);
    if (isOther) say(`${percentOf(level, control)} % is the bound of ${fan.id}: it is set to that.`);
    return steadyWish(level);
  });
}

/** `hecate fan curve FAN --sensor T --points P`. */
export function followCurve(request: FanRequest): Promise<void> {
  const { sensor, points, hysteresis, rate, critical, allowStop = false } = request;
  refuseSurplus(request.words.slice(1));
  if (sensor === undefined || points === undefined) {
    throw new HecateError('INVALID', `The ${sensor === undefined ? 'temperature' : 'curve'} is missing.`, {
      hint: 'Write it as in: hecate fan curve fan2 --sensor Tctl --points 40:20,60:50,80:100',
    });
  }
  const curve = { points: parsePoints(points), hysteresis, rate: rate / 100 };
  return hold(request, (_request, _fan, control, { temperatures }) => {
    const found = findNamed(sensor, temperatures, 'temperature');
    for (const { duty } of curve.points) clampLevel(levelOfDuty(duty, control), control, allowStop);
    return curveWish({ curve, sensor: found.id, critical: critical ?? found.critical ?? CRITICAL, allowStop }, control);
  });
}

/** Holds a fan until it is told to end, or its time is over. */
async function hold(request: FanRequest, wishing: Wishing): Promise<void> {
  const [word] = request.words;
  if (word === undefined) throw new HecateError('INVALID', 'The fan is missing.', { hint: 'hecate fan shows the names.' });
  const span = request.for === undefined ? null : parseSpan(request.for);
  const fans = openFans(request);
  refuseRecording(fans);
  const ending = untilSignal();
  try {
    const reading = await readFans(fans);
    const fan = findNamed(word, reading.fans, 'fan');
    const { control } = fan;
    if (!control) throw new HecateError('UNSUPPORTED', `The fan ${fan.id} cannot be set. ${fan.why}`);
    await holdFan({
      driver: fans.driver,
      fan: fan.id,
      control,
      wish: wishing(request, fan, control, reading),
      clock: fans.host.clock,
      wait: async (seconds, signal) => {
        // Who aborts wants the end, and looks for it himself.
        await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
      },
      period: request.interval,
      span,
      signal: ending.signal,
      say: teller(request, fan.id, control),
    });
  } finally {
    ending.release();
    fans.driver.close();
  }
}

/** Seconds of `10m`. Throws INVALID. */
function parseSpan(text: string): number {
  const seconds = parseQueryValue(text, 'duration');
  if (seconds !== null && seconds > 0 && seconds <= MOST_TIME) return seconds;
  throw new HecateError('INVALID', `${JSON.stringify(text)} is no time to hold a fan for.`, { hint: 'Write it as 90s, 10m or 2h.' });
}

/** Percent by which a fan must have moved to be worth a line. */
const WORTH = 5;

/** Says what happens: for people the first of it is the answer, and all after it notes; for programs each is an object on a line. */
function teller({ format }: FanRequest, id: string, control: FanControl): (event: FanEvent) => void {
  if (format === 'json') return (event) => void process.stdout.write(`${JSON.stringify({ fan: id, ...event })}\n`);
  let told = 0;
  return (event) => {
    switch (event.kind) {
      case 'taken':
        told = percentOf(event.level, control);
        process.stdout.write(sentences([`Change ${event.change}: ${id} is held at ${told} %. It goes back when this command ends.`]));
        return;
      case 'set': {
        const percent = percentOf(event.level, control);
        if (Math.abs(percent - told) < WORTH) return;
        told = percent;
        return say(`${id} is set to ${percent} %.`);
      }
      case 'alarm':
        return say(`Full speed: ${event.why}.`);
      case 'relief':
        return say(`The danger is over: ${id} is slowed down again.`);
      case 'woken':
        return say(`The machine has slept: ${id} was set again.`);
      case 'released':
        return say(`${id} was given back.`);
    }
  };
}
