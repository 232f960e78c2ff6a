/** The oldest Node that hecate runs on: the `engines` of every package.json say the same. */
const OLDEST = [20, 19];

/** Ends the process with one clear sentence when this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  process.stderr.write(
    `hecate needs Node ${OLDEST.join('.')} or newer, but this is Node ${process.versions.node}. Install a newer one (24 LTS is recommended).\n`,
  );
  process.exit(1);
}
