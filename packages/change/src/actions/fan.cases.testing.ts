import type { FanAction } from '../action.ts';
import type { ActionCase, ActionSuite } from './action-contract.testing.ts';
import { fakeKernel } from './fake-kernel.testing.ts';
import { firmware, smcFiles, SMC_OUTPUT, withController } from './fan/smc-chip.testing.ts';
import type { SmcKind } from './fan/smc-chip.testing.ts';
import { createMachine } from '../crash/machine.testing.ts';
import { createWritableTree } from './tree-picture.testing.ts';
import type { TreeEntry } from './tree-picture.testing.ts';

const CHIP = '/sys/devices/platform/nct6775.656/hwmon/hwmon3';
const action = (output: string, level: number): FanAction => ({ kind: 'fan', output, level });

function inTree(
  name: string,
  wish: FanAction,
  files: Readonly<Record<string, TreeEntry>>,
  picture?: (read: (file: string) => string) => unknown,
): ActionCase<FanAction> {
  return {
    name,
    action: wish,
    open() {
      const tree = createWritableTree(files);
      return {
        host: fakeKernel(tree.host),
        close: () => tree.remove(),
        ...(picture ? { picture: () => picture(tree.read) } : {}),
      };
    },
  };
}

function ofController(kind: SmcKind, manual?: number): ActionCase<FanAction> {
  return {
    name: `a fan of the SMC of ${kind}${manual === undefined ? '' : ' that somebody has set'}`,
    action: action(SMC_OUTPUT, 3000),
    open() {
      const machine = createMachine(smcFiles(kind, manual), firmware(kind));
      return { host: withController(machine.host).host, close: () => machine.remove() };
    },
  };
}

/** What the contract runs over outputs that drive fans. */
export const suite: ActionSuite<FanAction> = {
  shape: { paths: ['output'] },
  cases: [
    inTree('an output that somebody has set', action(`${CHIP}/pwm2`, 128), {
      [`${CHIP}/name`]: 'nct6798\n',
      [`${CHIP}/pwm2`]: '120\n',
      [`${CHIP}/pwm2_enable`]: '1\n',
    }),
    inTree(
      'an output that the chip decides about',
      action(`${CHIP}/pwm1`, 255),
      { [`${CHIP}/name`]: 'nct6798\n', [`${CHIP}/pwm1`]: '153\n', [`${CHIP}/pwm1_enable`]: '5\n' },
      // Its duty is the chip's then, and changes all the time.
      (read) => read(`${CHIP}/pwm1_enable`),
    ),
    inTree('an output without a mode', action('/sys/devices/platform/emc2305.2/hwmon/hwmon0/pwm1', 77), {
      '/sys/devices/platform/emc2305.2/hwmon/hwmon0/pwm1': '255\n',
    }),
    inTree('an output whose file of modes means something else', action('/sys/devices/platform/pwm-fan/hwmon/hwmon1/pwm1', 200), {
      '/sys/devices/platform/pwm-fan/hwmon/hwmon1/name': 'pwmfan\n',
      '/sys/devices/platform/pwm-fan/hwmon/hwmon1/pwm1': '0\n',
      '/sys/devices/platform/pwm-fan/hwmon/hwmon1/pwm1_enable': '2\n',
    }),
    inTree('an output of a driver that was loaded again', action(`${CHIP}/pwm2`, 128), {
      '/sys/devices/platform/nct6775.656/hwmon/hwmon7/pwm2': '120\n',
      '/sys/devices/platform/nct6775.656/hwmon/hwmon7/pwm2_enable': '1\n',
      '/sys/devices/platform/nct6775.656/hwmon/hwmon8/temp1_input': '40000\n',
    }),
    inTree('a file of a driver of old', action('/sys/devices/platform/w83627hf.656/pwm1', 128), {
      '/sys/devices/platform/w83627hf.656/pwm1': '255\n',
      '/sys/devices/platform/w83627hf.656/pwm1_enable': '1\n',
    }),
    ofController('M1'),
    ofController('M5', 2000),
    ofController('Intel'),
    ofController('Intel', 2000),
  ],
};
