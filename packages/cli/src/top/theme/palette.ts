import type { Colour, Look } from '../../screen/region.ts';
import type { RampName, Role } from '../view.ts';

/** A theme as it is written down. */
export interface Palette {
  readonly name: string;
  /** One sentence, for the list of themes. */
  readonly about: string;
  /** What everything is painted on; null leaves the terminal's own, whatever that is. */
  readonly background: Colour;
  /** Backgrounds that it is made to be read on: where the terminal's own is left, those that terminals commonly have. */
  readonly madeFor: readonly number[];
  /** Whether scales show their stops only, and no mixtures. */
  readonly isStepped?: boolean;
  readonly roles: Readonly<Record<Role, Look>>;
  /** Looks from little to much, evenly apart; colours in between are mixed, other looks change in steps. */
  readonly ramps: Readonly<Record<RampName, readonly Look[]>>;
  /** The background of the selected row; null: it is reversed. */
  readonly selection: Colour;
}

/** Looks that are a colour and no more. */
export const colours = (...stops: readonly number[]): readonly Look[] => stops.map((fg) => ({ fg }));

/** The same scale for everything that is measured. */
export function everywhere(stops: readonly Look[]): Readonly<Record<RampName, readonly Look[]>> {
  return { cpu: stops, memory: stops, disk: stops, network: stops, temperature: stops };
}
