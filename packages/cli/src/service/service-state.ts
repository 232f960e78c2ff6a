import { readFileSync } from 'node:fs';
import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { ServiceManager } from './service-plan.ts';

/** How the service is. */
export interface ServiceState {
  /** Whether its file is there. */
  readonly installed: boolean;
  readonly running: boolean;
  /** Whether it starts at a boot; null when it is not known. */
  readonly enabled: boolean | null;
  /** What the manager calls its state: `active (running)`; null where it was not asked. */
  readonly state: string | null;
  /** Id of its process; null when there is none. */
  readonly pid: number | null;
  /** Since when it is in that state, as the manager writes it; null when it does not say. */
  readonly since: string | null;
  /** Bytes of memory that its control group holds; null when it is not known. */
  readonly memory: number | null;
  /** How it is started; null when it is not installed. */
  readonly command: string | null;
  /** The last lines that it wrote, oldest first. */
  readonly log: readonly string[];
}

const LOG_LINES = 5;

/** Asks the service manager. Without one, or without a service, all is null. */
export async function readServiceState(host: Host, manager: ServiceManager): Promise<ServiceState> {
  const text = textOf(manager.path);
  const state: ServiceState = {
    installed: text !== null,
    running: false,
    enabled: null,
    state: null,
    pid: null,
    since: null,
    memory: null,
    command: /^ExecStart=:?(.*)$/m.exec(text ?? '')?.[1] ?? null,
    log: [],
  };
  if (text === null || host.platform !== 'linux') return state;
  const names = 'ActiveState,SubState,MainPID,StateChangeTimestamp,MemoryCurrent,UnitFileState';
  const shown = await output(host, ['systemctl', '--no-pager', 'show', `--property=${names}`, '--', manager.unit]);
  if (shown === null) return state;
  const property = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(shown)?.[1] ?? '';
  const number = (name: string): number | null => (/^[1-9]\d{0,15}$/.test(property(name)) ? Number(property(name)) : null);
  const log = await output(host, ['journalctl', '--no-pager', '--output=cat', `--lines=${LOG_LINES}`, `--unit=${manager.unit}`]);
  return {
    ...state,
    running: property('ActiveState') === 'active',
    enabled: property('UnitFileState') === 'enabled',
    state: `${property('ActiveState')} (${property('SubState')})`,
    pid: number('MainPID'),
    since: property('StateChangeTimestamp') || null,
    memory: number('MemoryCurrent'),
    log: (log ?? '').split('\n').filter((line) => line !== ''),
  };
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/** What a program says; null when there is none, or when it says that it cannot. */
async function output(host: Host, argv: readonly [string, ...string[]]): Promise<string | null> {
  try {
    const { status, stdout } = await host.run(argv);
    return status === 0 ? stdout : null;
  } catch (error) {
    if ((error as { code?: string }).code === 'UNAVAILABLE') return null;
    throw error;
  }
}
