import { createServer } from 'node:net';
import { isLive } from '@hecate/change';
import type { Engine, Transaction } from '@hecate/change';
import { causeOf, errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { openChanges } from '../changes/open.ts';
import { readConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { configDirectories } from '../directories.ts';
import { withFlags } from '../serve/settings.ts';
import { rollbackSentences } from '../terminal/change-panels.ts';
import { say } from '../terminal/note.ts';
import { during } from '../terminal/progress.ts';
import { sentences } from '../terminal/sentences.ts';
import { print } from '../terminal/print.ts';
import { ownCommand, refuseUnreachable } from './program-place.ts';
import { COMPONENT, serviceManagerOf, servicePlan } from './service-plan.ts';
import type { ServiceManager } from './service-plan.ts';
import type { ServiceRequest } from './service-request.ts';
import type { ServiceSpec } from './service-spec.ts';
import { readServiceState } from './service-state.ts';

/** What the machine's config.toml says: a service reads no user's. */
const machineConfig = (): Config => readConfig(configDirectories().slice(0, 1));

/** What the service shall do, of what was asked for; a profile may stand in config.toml too. */
export function specOf({ host, port, tune }: ServiceRequest): ServiceSpec {
  const words = [
    ...(host === undefined ? [] : ['--host', host]),
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(tune === undefined ? [] : ['--tune', tune]),
  ];
  return { command: [...ownCommand(), 'serve', ...words], tunes: (tune ?? machineConfig().tune.profile ?? 'off') !== 'off' };
}

/** The installation that is in force; undefined when there is none. */
const installed = (engine: Engine): Transaction | undefined =>
  engine.list().findLast((one) => isLive(one) && one.plan.component === COMPONENT);

/** `hecate service install`. */
export async function install(request: ServiceRequest): Promise<void> {
  const { engine, host } = openChanges(request);
  const manager = serviceManagerOf(host.platform);
  refuseStranger();
  const spec = specOf(request);
  for (const file of spec.command.slice(0, 2)) refuseUnreachable(file, !spec.tunes && host.platform === 'linux');
  const plan = servicePlan(manager, spec);
  const before = await readServiceState(host, manager);
  if (!before.running) await refuseTakenPort(request);
  const changed = (await engine.preview(plan)).some(({ verdict }) => verdict !== 'same');
  const there = installed(engine);
  if (!changed && there) return print(request, there, () => sentences(['Nothing to do: the service is installed so, and runs.']));
  const made = await during('Starting the service', async () => {
    const transaction = await engine.apply(plan, { replace: true });
    // A file that takes another's place is not looked at by itself.
    if (before.running) await restart(host, manager);
    return transaction;
  });
  print(request, made, () =>
    sentences([`The service runs, and starts at each boot (change ${made.id}).`, 'hecate service shows how it is.']),
  );
}

/** `hecate service uninstall`. */
export async function uninstall(request: ServiceRequest): Promise<void> {
  const { engine, handlers, host } = openChanges(request);
  const manager = serviceManagerOf(host.platform);
  refuseStranger();
  const there = installed(engine);
  if (!there) {
    const { installed: found } = await readServiceState(host, manager);
    if (!found) return print(request, null, () => sentences(['Nothing to do: the service is not installed.']));
    throw new HecateError('CONFLICT', `${manager.path} is there, but no change of hecate put it there.`, {
      hint: 'Take it away as it came; or was it installed with another --state-dir?',
    });
  }
  const undone = await during('Stopping the service', async () => {
    const rollback = await engine.rollBack(there.id, 'The service was taken away.');
    await reload(host);
    return rollback;
  });
  if (undone.failures.length > 0) process.exitCode = 1;
  print(request, undone, () => sentences(rollbackSentences(undone, handlers)));
}

function refuseStranger(): void {
  if (process.geteuid?.() === 0) return;
  throw new HecateError('DENIED', 'Only root may install and take away services.', { hint: 'Run it with sudo.' });
}

/** Throws CONFLICT when something listens where the service is to listen, INVALID for a foreign address: it would not start. */
async function refuseTakenPort(request: ServiceRequest): Promise<void> {
  const { address: host, port } = withFlags(machineConfig().serve, request);
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen(port, host, resolve);
    });
  } catch (error) {
    if (errnoOf(error) !== 'EADDRINUSE') throw new HecateError('INVALID', `The service could not listen on ${host}: ${causeOf(error)}.`);
    throw new HecateError('CONFLICT', `Port ${port} on ${host} is taken.`, {
      hint: 'Does hecate serve run there already? End it, or choose another port with --port.',
      cause: error,
    });
  } finally {
    probe.close();
  }
}

async function reload(host: Host): Promise<void> {
  if (host.platform === 'linux') await command(host, ['systemctl', 'daemon-reload']);
}

async function restart(host: Host, { unit, path }: ServiceManager): Promise<void> {
  await reload(host);
  if (host.platform === 'linux') return command(host, ['systemctl', 'restart', '--', unit]);
  await command(host, ['launchctl', 'bootout', 'system', path]);
  await command(host, ['launchctl', 'bootstrap', 'system', path]);
}

/** Runs a program that is to succeed. Throws FAILED with what it says. */
async function command(host: Host, argv: readonly [string, ...string[]]): Promise<void> {
  const { status, stderr } = await host.run(argv, { timeout: 100 });
  if (status === 0) return;
  say(stderr.trim());
  throw new HecateError('FAILED', `${argv.join(' ')} failed.`, { hint: 'hecate service shows how the service is.' });
}
