export { COLUMN_INDEX, COLUMNS } from './record/columns.ts';
export type { Column, ColumnUnit } from './record/columns.ts';
