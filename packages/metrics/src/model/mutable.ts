/** A row while it is made: its readers get it with every property readonly. */
export type Mutable<Row> = { -readonly [Key in keyof Row]: Row[Key] };
