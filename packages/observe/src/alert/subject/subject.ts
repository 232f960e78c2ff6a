import type { ColumnUnit } from '../../record/columns.ts';
import type { Frame } from '../../serve/hub.ts';

/** A number that rules can be about. */
export interface Reading<Row> {
  readonly unit: ColumnUnit;
  /** One line for people who write rules. */
  readonly help: string;
  /** Null: it is not known now. Infinity is known: a disk that does not fill is full in no time. */
  readonly value: (row: Row, frame: Frame) => number | null | undefined;
}

/** Things of one kind, and what can be said of each: file systems, interfaces, the machine itself. */
export interface Subject<Row> {
  /** First part of the name of a reading: `filesystem` of `filesystem./srv.used_percent`. */
  readonly name: string;
  /** How often it is looked at: at each tick, or every ten seconds, which is how often slow readings are made. */
  readonly pace: 'tick' | 'slow';
  /** What is there; null when that is not known now, which is not the same as nothing. */
  readonly rows: (frame: Frame) => Iterable<Row> | null | undefined;
  /** What it is called, the same for as long as it is there. */
  readonly objectOf: (row: Row) => string;
  /** What people call it; absent where that is its name. */
  readonly labelOf?: (row: Row) => string;
  readonly readings: Readonly<Record<string, Reading<Row>>>;
}

/** A subject whose rows are its own business: they come from it and go back to it. */
export type AnySubject = Subject<unknown>;

/** Declares a subject. Its rows go only to its own functions, so what they are is nobody else's business. */
export const subject = <Row>(declared: Subject<Row>): AnySubject => declared as unknown as AnySubject;

/** Hundred times a share; null where either is not known or the whole is nothing. */
export const percentOf = (part: number | null | undefined, whole: number | null | undefined): number | null =>
  typeof part === 'number' && typeof whole === 'number' && whole > 0 ? (part / whole) * 100 : null;

/** 1 or 0; null where it is not known. */
export const flag = (is: boolean | null | undefined): number | null => (typeof is === 'boolean' ? Number(is) : null);
