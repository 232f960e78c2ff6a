import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { SysfsAction } from '../action.ts';
import { deviceOf } from '../device.ts';
import { expectProperties, lineOf, pathOf, quote } from './raw-action.ts';
import { formOfFile } from './sysfs/form.ts';
import { choicesBeside, describePath, topOf } from './sysfs/path.ts';
import { checkValueFile, expectInside, parseChoice, readValueText, writeValue } from './value-file.ts';
import type { ValueFile } from './value-file.ts';
import type { ValueHandler } from './value-handler.ts';

const fileOf = ({ path }: SysfsAction): ValueFile => ({ path, name: path });

/** Value files of /sys and of /proc/irq: Documentation/ABI and Documentation/core-api/irq/irq-affinity.rst of the kernel. */
export const sysfs: ValueHandler<SysfsAction> = {
  kind: 'sysfs',
  persists: false,

  parse(raw) {
    expectProperties(raw, 'sysfs', ['path', 'value']);
    const path = pathOf(raw, 'path', 'sysfs');
    topOf(path);
    return { kind: 'sysfs', path, value: lineOf(raw, 'value', 'sysfs') };
  },

  target: ({ path }) => path,
  describe: ({ path }) => describePath(path),
  device: (host, { path }) => deviceOf(host, path),
  current: (host, action) => readState(host, action),
  wanted: (action, was, host) => stateAfter(host, action, was as string),

  check(host, action) {
    checkValueFile(host, fileOf(action));
  },

  apply(host, action, was) {
    write(host, action, stateAfter(host, action, was as string));
  },

  restore(host, action, was) {
    write(host, action, was as string);
  },
};

function readState(host: WritableHost, action: SysfsAction): string {
  expectInside(host, action.path, topOf(action.path));
  return formOfFile(action.path).normalise(readValueText(host, fileOf(action)));
}

/** The state that an action leads to. Throws INVALID, naming the choices, for a value that the file does not offer. */
function stateAfter(host: WritableHost, { path, value }: SysfsAction, was: string): string {
  const offered = offeredBy(host, path);
  if (!offered) return formOfFile(path).wanted(value, was);
  const wanted = value.trim();
  if (offered.includes(wanted)) return wanted;
  throw new HecateError('INVALID', `${path} offers ${offered.join(', ')}, and not ${quote(value)}.`);
}

/** The words that a file takes; null when it does not say. */
function offeredBy(host: WritableHost, path: string): readonly string[] | null {
  const choice = parseChoice(readValueText(host, { path, name: path }));
  if (choice) return choice.offered;
  const beside = choicesBeside(path);
  if (beside === null) return null;
  try {
    return host.readText(beside).split(/\s+/).filter(Boolean);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return null;
  }
}

/** Some files act when they are written, also with the value that they have. */
function write(host: WritableHost, action: SysfsAction, state: string): void {
  if (readState(host, action) !== state) writeValue(host, fileOf(action), state);
}
