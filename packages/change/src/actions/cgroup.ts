import { HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { CgroupAction } from '../action.ts';
import { deviceOf } from '../device.ts';
import { hasDeviceLines, lineAfter, lineOfDevice, parseDeviceLine } from './cgroup/device-line.ts';
import { controllerSwitches, expectSetting, formOfGroupFile } from './cgroup/form.ts';
import { findGroupFile } from './cgroup/place.ts';
import { expectProperties, lineOf, pathOf } from './raw-action.ts';
import { checkValueFile, readLines, readValueText, writeValue } from './value-file.ts';
import type { ValueFile } from './value-file.ts';
import type { ValueHandler } from './value-handler.ts';

/** Files of control groups: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1 of the kernel. */
export const cgroup: ValueHandler<CgroupAction> = {
  kind: 'cgroup',
  persists: false,

  parse(raw) {
    expectProperties(raw, 'cgroup', ['group', 'file', 'value']);
    const group = pathOf(raw, 'group', 'cgroup');
    const file = lineOf(raw, 'file', 'cgroup');
    const value = lineOf(raw, 'value', 'cgroup');
    expectSetting(file);
    if (hasDeviceLines(file)) parseDeviceLine(file, value);
    return { kind: 'cgroup', group, file, value };
  },

  target: (action) => `${action.group} ${whatOf(action)}`,
  describe: (action) => `${whatOf(action)} of the control group ${action.group}`,
  sideEffect: ({ file }) =>
    file === 'cgroup.subtree_control' ? 'Groups below lose what was set with a controller that is switched off.' : null,

  device(host, { file, value }) {
    const device = hasDeviceLines(file) ? parseDeviceLine(file, value).device : 'default';
    return device === 'default' ? null : deviceOf(host, `/sys/dev/block/${device}`);
  },

  current: (host, action) => readState(host, action),
  wanted: (action, was) => stateAfter(action, was as string),

  check(host, action) {
    checkValueFile(host, fileOf(host, action));
    // Switching one off throws away what the groups below had set with it, and nobody wrote that down.
    if (action.file !== 'cgroup.subtree_control' || !/(?:^|\s)-/.test(action.value)) return;
    throw new HecateError(
      'UNSUPPORTED',
      `Controllers of ${action.group} are not switched off: the settings of the groups below could not be brought back.`,
    );
  },

  apply(host, action, was) {
    write(host, action, stateAfter(action, was as string));
  },

  restore(host, action, was) {
    write(host, action, was as string);
  },
};

/** The file, with the device whose line is changed. */
function whatOf({ file, value }: CgroupAction): string {
  return hasDeviceLines(file) ? `${file} ${parseDeviceLine(file, value).device}` : file;
}

const fileOf = (host: WritableHost, { group, file }: CgroupAction): ValueFile => ({
  path: findGroupFile(host, group, file),
  name: `${file} of the control group ${group}`,
});

function readState(host: WritableHost, action: CgroupAction): string {
  const { file, value } = action;
  const place = fileOf(host, action);
  if (hasDeviceLines(file)) return lineOfDevice(file, readLines(host, place), parseDeviceLine(file, value).device);
  return formOfGroupFile(file).normalise(readValueText(host, place));
}

function stateAfter({ file, value }: CgroupAction, was: string): string {
  return hasDeviceLines(file) ? lineAfter(file, was, parseDeviceLine(file, value).value) : formOfGroupFile(file).wanted(value, was);
}

function write(host: WritableHost, action: CgroupAction, state: string): void {
  const now = readState(host, action);
  if (now === state) return;
  const { file, value } = action;
  const words = hasDeviceLines(file) ? `${parseDeviceLine(file, value).device} ${state}` : state;
  writeValue(host, fileOf(host, action), file === 'cgroup.subtree_control' ? controllerSwitches(now, state) : words);
}
