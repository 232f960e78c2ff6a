// A process for changes-live.test.ts, with the built packages: applies a plan and rolls it back, over and over, until it is killed.
// node changes-applier.mjs PLAN DIRECTORY [apply]: with `apply`, it applies once and ends.
import { readFileSync } from 'node:fs';
import { openEngine, openHandlers, parsePlan } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';

const [file, directory, mode] = process.argv.slice(2);
const handlers = openHandlers();
const engine = openEngine({ host: openWritableHost(openHost()), handlers, directory });
const plan = parsePlan(JSON.parse(readFileSync(file, 'utf8')), handlers);
process.stdout.write('ready\n');
if (mode === 'apply') {
  try {
    const { id } = await engine.apply(plan);
    process.stdout.write(`applied ${id}\n`);
  } catch (error) {
    process.stdout.write(`${error.code} ${error.message}\n`);
    process.exitCode = 1;
  }
} else {
  for (;;) {
    const { id } = await engine.apply(plan, { replace: true });
    const { failures } = await engine.rollBack(id);
    if (failures.length > 0) throw new Error(failures[0].sentence);
    process.stdout.write('round\n');
  }
}
