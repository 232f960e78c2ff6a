import type { Group } from './field.ts';

/** Whether the group's rows are the very list that a reading holds at `place`; the reading itself without one. */
function isListAt(group: Group<never>, place: string | undefined): boolean {
  const rows: object[] = [{}];
  const reading = place === undefined ? rows : { [place]: rows };
  try {
    return (group.rows as (reading: unknown) => unknown)(reading) === rows;
  } catch (error) {
    // A group that wants another shape is another kind of group.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * Where the rows of a group stand in the JSON of a snapshot: `cpu.cores[]`, a `[]` for each list. Null when it does not hold them
 * under the names of the fields. Where a group declares nothing, its name is its path, and its rows show whether that is a list.
 */
export function jsonPathOf(group: Group<never>): string | null {
  if (group.json !== undefined) return group.json;
  const [, ...place] = group.name.split('.');
  return `${group.name}${place.length < 2 && isListAt(group, place[0]) ? '[]' : ''}`;
}
