// Where the rows of a group stand in the JSON of a snapshot.

/** Groups whose rows are made while they are read, so that nothing shows where they come from. */
const MADE = {
  'filesystem.mount': 'filesystem[].',
  'block.content': 'block[].content.',
  'block.mapper': 'block[].mapper.',
  'block.ata': 'block[].ata.',
  'processes.list': 'processes[].',
  // The API counts processes instead of listing them; these have no place in the list.
  processes: null,
  'processes.states': null,
  'memory.lines': null,
};

/** Whether the group's rows are the very array that a reading holds at `place`. */
function isArrayAt(group, place) {
  const rows = [{}];
  const reading = place.length === 0 ? rows : { [place[0]]: rows };
  if (place.length > 1) return false;
  try {
    return group.rows(reading) === rows;
  } catch (error) {
    // A group that wants another shape is another kind of group.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** The prefix of a group's fields (`cpu.cores[].`), or null when the JSON does not hold them under their own names. */
export function pathOf(collector, group) {
  if (group.name in MADE) return MADE[group.name];
  const place = group.name.split('.').slice(1);
  return `${[collector.name, ...place].join('.')}${isArrayAt(group, place) ? '[]' : ''}.`;
}

/** Fails when a group of the table above is no more. */
export function checkPaths(groups) {
  const names = new Set(groups.map(({ name }) => name));
  for (const name of Object.keys(MADE)) {
    if (!names.has(name)) throw new Error(`scripts/docs/reading-paths.mjs names the group ${name}, which no collector has.`);
  }
}
