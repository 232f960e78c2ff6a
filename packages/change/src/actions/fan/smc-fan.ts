import { encodeSmcNumber, HecateError, librariesOf, openSmc, readSmcNumber } from '@hecate/host';
import type { Smc, SmcKey, WritableHost } from '@hecate/host';

/** One fan of the system management controller, as long as its connection is open. */
export interface SmcFan {
  readonly name: string;
  /** Turns a minute that the fan's own maker gives as its least and most. */
  readonly least: number;
  readonly most: number;
  /** Whether somebody has set its speed, and not the firmware. */
  isManual(): boolean;
  /** Says who decides: somebody, or the firmware. That the controller does not obey shows when it is read back. */
  setManual(isManual: boolean): void;
  target(): number;
  setTarget(turns: number): void;
  /** Whether the firmware was told to let go of fans (`Ftst`); null where it has no such thing. */
  unlocked(): boolean | null;
  setUnlocked(isUnlocked: boolean): void;
  /** Whether another fan is set by somebody. */
  isAnotherManual(): boolean;
}

const MOST_FANS = 10;
const MANUAL = 1;

/** Opens the controller for one fan and closes it after. Throws UNAVAILABLE where there is no such fan, UNSUPPORTED for one that cannot be set. */
export async function withSmcFan<Result>(
  host: WritableHost,
  output: string,
  number: number,
  use: (fan: SmcFan) => Result | Promise<Result>,
): Promise<Result> {
  const smc = openSmc(librariesOf(host));
  try {
    return await use(fanOf(smc, output, number));
  } finally {
    smc.close();
  }
}

function fanOf(smc: Smc, output: string, number: number): SmcFan {
  const count = readSmcNumber(smc, smc.find('FNum')) ?? 0;
  if (number >= count) throw new HecateError('UNAVAILABLE', `This Mac has ${count} fans: there is no ${output}.`);
  const key = (letters: string): SmcKey | null => smc.find(`F${number}${letters}`);
  const expect = (letters: string): SmcKey => {
    const found = key(letters);
    if (found) return found;
    throw new HecateError('UNSUPPORTED', `The fan ${output} cannot be set: its controller has no F${number}${letters}.`);
  };
  const [target, least, most] = [expect('Tg'), expect('Mn'), expect('Mx')];
  const mode = modeOf(smc, number);
  const mask = mode ? null : smc.find('FS! ');
  if (!mode && !mask) throw new HecateError('UNSUPPORTED', `The fan ${output} cannot be set: its controller does not say who decides.`);
  const test = smc.find('Ftst');
  const valueOf = (one: SmcKey): number => {
    const value = readSmcNumber(smc, one);
    if (value === null) throw new HecateError('UNSUPPORTED', `The controller holds no number in ${one.key}.`);
    return value;
  };
  const isFanManual = (fan: number): boolean => {
    if (mask) return (valueOf(mask) & (1 << fan)) !== 0;
    const other = modeOf(smc, fan);
    return other !== null && valueOf(other) === MANUAL;
  };
  return {
    name: output,
    least: valueOf(least),
    most: valueOf(most),
    isManual: () => isFanManual(number),
    setManual(isManual) {
      if (mode) return writeNumber(smc, mode, isManual ? MANUAL : 0);
      const bits = valueOf(mask!);
      writeNumber(smc, mask!, isManual ? bits | (1 << number) : bits & ~(1 << number));
    },
    target: () => valueOf(target),
    setTarget: (turns) => writeNumber(smc, target, turns),
    unlocked: () => test && valueOf(test) !== 0,
    setUnlocked: (isUnlocked) => test && writeNumber(smc, test, isUnlocked ? 1 : 0),
    isAnotherManual: () =>
      Array.from({ length: Math.min(count, MOST_FANS) }, (_, fan) => fan).some((fan) => fan !== number && isFanManual(fan)),
  };
}

/** The key that says who decides has two names: M5 writes it in small letters. */
const modeOf = (smc: Smc, fan: number): SmcKey | null => smc.find(`F${fan}Md`) ?? smc.find(`F${fan}md`);

/** Every write goes by the key's own type: `flt` on newer Macs, `fpe2` on older ones. */
const writeNumber = (smc: Smc, key: SmcKey, value: number): void => smc.write(key, encodeSmcNumber(key.type, value));
