import { openHost } from '@hecate/host';
import { clean, createInk, drawPanel, encodeValue, plainLine, wrapWords } from '@hecate/observe';
import { during } from '../terminal/progress.ts';
import { terminalOf } from '../terminal/terminal.ts';
import { print } from '../terminal/print.ts';
import { serviceManagerOf } from './service-plan.ts';
import type { ServiceRequest } from './service-request.ts';
import { readServiceState } from './service-state.ts';
import type { ServiceState } from './service-state.ts';

/** `hecate service status`: ends with 1 when it is installed and does not run. */
export async function showService(request: ServiceRequest): Promise<void> {
  const host = openHost();
  const state = await during('Asking the service manager', () => readServiceState(host, serviceManagerOf(host.platform)));
  if (state.installed && host.platform === 'linux' && !state.running) process.exitCode = 1;
  print(request, state, () => panel(state));
}

function panel(state: ServiceState): string {
  const { width, ...look } = terminalOf(process.stdout);
  const lines = sentencesOf(state).flatMap((text) => wrapWords(clean(text), width - 4).map(plainLine));
  return `${drawPanel(createInk(look), 'Service', lines, width).join('\n')}\n`;
}

function sentencesOf({ installed, state, pid, since, memory, enabled, command, log }: ServiceState): string[] {
  if (!installed) return ['The service is not installed: hecate service install does that.'];
  const process = pid === null ? '' : `, process ${pid}`;
  return [
    `It is ${state ?? 'installed; how it is could not be asked'}${process}${since === null ? '' : `, since ${since}`}.`,
    ...(memory === null ? [] : [`It holds ${encodeValue(memory, 'bytes')} of memory.`]),
    ...(enabled === null ? [] : [enabled ? 'It starts at each boot.' : 'It does not start at a boot.']),
    ...(command === null ? [] : [`It is started as: ${command}`]),
    ...(log.length === 0 ? [] : ['Its last words:', ...log]),
  ];
}
