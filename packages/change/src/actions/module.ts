import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { ModuleAction } from '../action.ts';
import type { ActionHandler } from '../handler.ts';
import { isSameParameter, readModule } from './module/kernel-module.ts';
import type { ModuleState } from './module/kernel-module.ts';
import { needCapability, needPrograms, runTool } from './program.ts';
import { expectProperties, lineOf, quote } from './raw-action.ts';
import type { RawAction } from './raw-action.ts';
import { flagOf, wordOf } from './raw-values.ts';

const NAME = /^\w[\w-]{0,63}$/;
/** Seconds: some drivers wait for their hardware. */
const TIMEOUT = 60;

/**
 * Kernel modules, by modprobe(8): what a module depends on is loaded with it, and unloaded with it when nothing else uses it.
 * Settings of /etc/modprobe.d hold as always.
 */
export const module: ActionHandler<ModuleAction> = {
  kind: 'module',
  persists: false,
  parse(raw) {
    expectProperties(raw, 'module', ['module', 'loaded'], ['parameters']);
    const name = wordOf(raw, 'module', 'module', NAME, 'a name of letters, digits, _ and -').replaceAll('-', '_');
    const loaded = flagOf(raw, 'loaded', 'module')!;
    const parameters = parametersOf(raw);
    if (parameters === undefined) return { kind: 'module', module: name, loaded };
    if (!loaded) throw new HecateError('INVALID', `The module ${name} shall not be loaded, and so has no parameters.`);
    return { kind: 'module', module: name, loaded, parameters };
  },
  target: ({ module: name }) => name,
  describe: ({ module: name }) => `module ${name}`,
  sideEffect: ({ module: name, loaded }) =>
    `Modules that ${name} needs ${loaded ? 'are loaded' : 'and nothing else uses are unloaded'} with it.`,
  current: (host, action) => stateOf(host, action),
  wanted(action, was) {
    const { loaded, parameters } = was as ModuleState;
    if (!action.loaded) return { loaded: false, parameters: {} };
    const asked = action.parameters ?? {};
    const other = Object.keys(asked).find((name) => loaded && parameters[name] !== asked[name]);
    if (other !== undefined) {
      throw new HecateError('CONFLICT', `The module ${action.module} is loaded already, with ${other}=${parameters[other]}.`, {
        hint: `Write to /sys/module/${action.module}/parameters/${other} instead, or unload it first.`,
      });
    }
    return { loaded: true, parameters: asked };
  },
  async check(host, action) {
    needPrograms(host, 'modprobe');
    if (!action.loaded) refuseInUse(host, action.module);
    needCapability(host, 'SYS_MODULE', `${action.loaded ? 'Loading' : 'Unloading'} a module`);
    if (!action.loaded) return;
    const { status } = await host.run(['modprobe', '--dry-run', '--quiet', action.module]);
    if (status !== 0) throw new HecateError('UNAVAILABLE', `This kernel has no module ${action.module}.`);
  },
  apply: (host, action) => (action.loaded ? load(host, action.module, action.parameters ?? {}) : unload(host, action.module)),
  async restore(host, action, was) {
    const { loaded, parameters } = was as ModuleState;
    if (!loaded) return unload(host, action.module);
    if (JSON.stringify(stateOf(host, action)) === JSON.stringify(was)) return;
    await unload(host, action.module);
    // In one step, so that it is never there with other values. The kernel shows (null) for text that was not given.
    await load(
      host,
      action.module,
      Object.fromEntries(Object.entries(parameters).filter(([, value]) => !/^(?:\(null\))?$|\s/.test(value))),
    );
  },
};

/**
 * With which of the parameters that matter a module is loaded: the action's own, or all that can be seen when it is to be unloaded.
 * One that the kernel does not show (permissions 0 in module_param()) counts as it is wanted, for nobody can say otherwise.
 */
function stateOf(host: WritableHost, action: ModuleAction): ModuleState {
  const found = readModule(host, action.module);
  if (found === null) return { loaded: false, parameters: {} };
  if (found.isBuiltIn && !action.loaded) {
    throw new HecateError('UNSUPPORTED', `${action.module} is built into this kernel, and cannot be unloaded.`);
  }
  if (!action.loaded) return { loaded: true, parameters: found.parameters };
  const asked = Object.entries(action.parameters ?? {});
  return {
    loaded: true,
    parameters: Object.fromEntries(
      asked.map(([name, value]) => {
        const seen = found.parameters[name];
        return [name, seen === undefined || isSameParameter(seen, value) ? value : seen];
      }),
    ),
  };
}

function refuseInUse(host: WritableHost, name: string): void {
  const found = readModule(host, name);
  if (!found || (found.users.length === 0 && found.references === 0)) return;
  const by = found.users.length > 0 ? `by ${found.users.join(', ')}` : `${found.references} times`;
  throw new HecateError('CONFLICT', `The module ${name} is in use ${by}, and cannot be unloaded.`);
}

async function load(host: WritableHost, name: string, parameters: Readonly<Record<string, string>>): Promise<void> {
  const given = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  await runTool(host, ['modprobe', name, ...given], { timeout: TIMEOUT });
}

async function unload(host: WritableHost, name: string): Promise<void> {
  if (readModule(host, name) === null) return;
  await runTool(host, ['modprobe', '--remove', name], { timeout: TIMEOUT });
}

function parametersOf(raw: RawAction): Readonly<Record<string, string>> | undefined {
  const value = raw['parameters'];
  if (!('parameters' in raw)) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    throw new HecateError('INVALID', `The parameters of a module must be texts by their names, and are ${quote(value)}.`);
  }
  return Object.fromEntries(
    Object.keys(value).map((name) => {
      if (!NAME.test(name)) throw new HecateError('INVALID', `${quote(name)} is no name of a parameter.`);
      const text = lineOf(value as RawAction, name, 'module');
      // modprobe would take what follows for another parameter.
      if (/[\s"]/.test(text)) throw new HecateError('INVALID', `The parameter ${name} must be without spaces and quotes.`);
      return [name, text];
    }),
  );
}
