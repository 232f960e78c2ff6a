// How long the command line takes to start, against an empty Node: `hecate --version` may take 1.35 times as long.
// All are started by turns, so that a busy moment of the machine hits all of them.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 31;
const hecate = fileURLToPath(new URL('../bin/hecate.cjs', import.meta.url));
// Node 20 reads this file at every start, which takes longer than starting.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

const commands = [
  { name: 'node -e 0', argv: ['-e', '0'] },
  { name: 'hecate --version', argv: [hecate, '--version'] },
  { name: 'hecate --help', argv: [hecate, '--help'] },
  { name: 'hecate snapshot, load only', argv: [hecate, 'snapshot', '--only', 'load', '--interval', '0'] },
].map((command) => ({ ...command, times: [] }));

/** Runs it once. Returns milliseconds. */
function time({ name, argv }) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, argv, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} ended with status ${status}: ${stderr}`);
  return performance.now() - start;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

commands.forEach(time);
for (let round = 0; round < ROUNDS; round++) for (const command of commands) command.times.push(time(command));
const empty = median(commands[0].times);
for (const { name, times } of commands) {
  process.stdout.write(`start-up, ${name}: ${median(times).toFixed(1)} ms; ratio to node -e 0: ${(median(times) / empty).toFixed(2)}\n`);
}
