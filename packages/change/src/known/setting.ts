/** What a sysctl holds, and what it is for. */
export interface Setting {
  /** `list`: whole numbers with one space between. */
  readonly type: 'integer' | 'boolean' | 'list' | 'text';
  /** The smallest number that makes sense; null: any. */
  readonly least: number | null;
  /** The largest one; null: any, or the kernel decides. */
  readonly most: number | null;
  /** How many numbers a list has; null for what is no list, or where it depends on the machine. */
  readonly count: number | null;
  /** Of the numbers; null for counts and switches. */
  readonly unit: string | null;
  /** One line. */
  readonly help: string;
}

const numbers = (
  type: 'integer' | 'list',
  least: number | null,
  most: number | null,
  count: number | null,
  help: string,
  unit: string | null,
): Setting => ({
  type,
  least,
  most,
  count,
  unit,
  help,
});

/** One whole number. */
export const integer = (least: number | null, most: number | null, help: string, unit: string | null = null): Setting =>
  numbers('integer', least, most, null, help, unit);

/** A number of which the kernel says no bound above. */
export const count = (help: string, unit: string | null = null): Setting => integer(0, null, help, unit);

/** 0 or 1. */
export const flag = (help: string): Setting => ({ type: 'boolean', least: 0, most: 1, count: null, unit: null, help });

/** So many whole numbers, each of them in the bounds; null: as many as the machine has. */
export const list = (many: number | null, least: number | null, most: number | null, help: string, unit: string | null = null): Setting =>
  numbers('list', least, most, many, help, unit);

/** Words. */
export const text = (help: string): Setting => ({ type: 'text', least: null, most: null, count: null, unit: null, help });

/** Settings by key; `*` stands for an interface, for `all` or `default`. */
export type Settings = Readonly<Record<string, Setting>>;
