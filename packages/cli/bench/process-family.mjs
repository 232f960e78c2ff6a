// What a process and all that it has started take together.
import { readdirSync, readFileSync } from 'node:fs';

/** The pids of a process and of all that it has started. */
function family(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
    try {
      return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    } catch {
      return []; // The thread has ended meanwhile.
    }
  });
  return [pid, ...children.flatMap(family)];
}

/** Numbers of a file of /proc by name, in MiB. */
function mebibytes(file, ...names) {
  const text = readFileSync(file, 'utf8');
  return names.reduce((sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0), 0) / 1024;
}

/** MiB of a process and its children together, and seconds of CPU time so far. */
export function look(pid) {
  const total = { resident: 0, proportional: 0, private: 0, cpu: 0 };
  for (const one of family(pid)) {
    const rollup = `/proc/${one}/smaps_rollup`;
    total.resident += mebibytes(rollup, 'Rss');
    total.proportional += mebibytes(rollup, 'Pss');
    total.private += mebibytes(rollup, 'Private_Clean', 'Private_Dirty');
    const fields = readFileSync(`/proc/${one}/stat`, 'latin1').split(') ').at(-1).split(' ').map(Number);
    // With those of its children that have ended.
    total.cpu += (fields[11] + fields[12] + fields[13] + fields[14]) / 100;
  }
  return total;
}
