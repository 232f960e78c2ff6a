// Fans that are held by a command: they go back however it ends.
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createHwmonTree, DESKTOP } from '../packages/tune/src/fan/hwmon-tree.testing.ts';
import type { HwmonTree } from '../packages/tune/src/fan/hwmon-tree.testing.ts';
import { eventually, run, start, temporary } from './cli.testing.ts';
import type { Ended, Running } from './cli.testing.ts';

const trees: HwmonTree[] = [];
afterEach(async () => {
  for (const tree of trees.splice(0)) {
    // A guard that still watches ends when its journal is gone.
    tree.remove();
    await eventually(() => guardsOf(tree).length === 0, 'no guard is left');
  }
});

function makeDesk(): HwmonTree {
  const tree = createHwmonTree(DESKTOP);
  trees.push(tree);
  return tree;
}

/** Processes that guard fans of a tree. */
function guardsOf({ root }: HwmonTree): number[] {
  const words = (pid: string): readonly string[] => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      // It has ended meanwhile.
      return [];
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => words(pid).includes('guard') && words(pid).includes(root)).map(Number);
}

const fan = (tree: HwmonTree, ...words: readonly string[]): Promise<Ended> => run(['fan', ...words, '--root', tree.root]);
const fan1 = (tree: HwmonTree): string => `${tree.read('nct6798/pwm1_enable')} ${tree.read('nct6798/pwm1')}`;
/** Who decides about the first fan: 5 is its chip. The duty is the chip's then, and files have none that would set it. */
const isBack = (tree: HwmonTree) => (): boolean => tree.read('nct6798/pwm1_enable') === '5';

async function hold(tree: HwmonTree, ...words: readonly string[]): Promise<Running> {
  const running = start(['fan', ...words, '--root', tree.root, '--interval', '0.1']);
  await running.until(/^Change \d+: nct6798\/fan\d is held/);
  return running;
}

const CURVE = ['curve', 'fan1', '--sensor', 'Tctl', '--points', '40:20,60:50,80:100', '--rate', '100', '--hysteresis', '0'];

describe('a wish that makes no sense', () => {
  it.each([
    [['set'], 2, 'The speed is missing.'],
    [['set', 'fan1'], 2, 'The speed is missing.'],
    [['set', 'fan1', '40'], 2, 'may be a share or turns'],
    [['set', 'fan1', '40%', 'now'], 2, 'too much'],
    [['set', 'fan9', '40%'], 2, 'Did you mean fan1?'],
    [['set', 'temp1', '40%'], 2, 'There is no fan "temp1".'],
    [['set', 'fan1', '0%'], 2, 'A fan that stands still cools nothing.'],
    [['set', 'fan1', '0%', '--allow-stop'], 3, 'does not say that it may stand still'],
    [['set', 'fan3', '40%'], 3, 'has no output that drives it'],
    [['set', 'pwm5', '1200rpm'], 3, 'Nobody counts the turns'],
    [['set', 'fan1', '40%', '--for', 'ever'], 2, 'no time to hold a fan for'],
    [['curve', 'fan1'], 2, 'The temperature is missing.'],
    [['curve', 'fan1', '--sensor', 'Tctl'], 2, 'The curve is missing.'],
    [['curve', 'fan1', '--sensor', 'Tdie', '--points', '40:20,60:50'], 2, 'There is no temperature "Tdie".'],
    [['curve', 'fan1', '--sensor', 'temp1', '--points', '40:20,60:50'], 2, '"temp1" is more than one temperature.'],
    [['curve', 'fan1', '--sensor', 'Tctl', '--points', '60:20,40:50'], 2, 'points rise'],
    [['curve', 'fan1', '--sensor', 'Tctl', '--points', '40:0,60:50'], 2, 'cools nothing'],
    [['auto', 'fan2'], 6, 'what it had before is not known'],
    [['status', 'fan1'], 2, 'too much'],
  ] as const)('%j ends with %d, and changes nothing', async (words, status, why) => {
    const tree = makeDesk();
    const ended = await fan(tree, ...words);
    expect({ status: ended.status, stdout: ended.stdout }, ended.stderr).toEqual({ status, stdout: '' });
    expect(ended.stderr).toContain(why);
    expect([fan1(tree), tree.read('nct6798/pwm2')]).toEqual(['5 153', '120']);
  });

  it('is one on a machine without fans', async () => {
    const tree = createHwmonTree({ k10temp: DESKTOP.k10temp });
    trees.push(tree);
    for (const words of [[], ['set', 'fan1', '40%'], ['auto']])
      expect(await fan(tree, ...words)).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('None of the chips of this machine shows a fan'),
      });
  });
});

describe('a fan that is set', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('goes back at %s', async (signal) => {
    const tree = makeDesk();
    const running = await hold(tree, 'set', 'fan1', '40%');
    expect(fan1(tree)).toBe('1 102');
    expect(guardsOf(tree)).toHaveLength(1);
    expect((await fan(tree)).stdout).toContain(`held by process ${running.child.pid}`);
    expect(await running.end(signal)).toMatchObject({ status: 0, stderr: expect.stringContaining('nct6798/fan1 was given back.') });
    expect(isBack(tree)()).toBe(true);
  });

  it('goes back after its time, and its own speed comes back where somebody had set one', async () => {
    const tree = makeDesk();
    expect(await fan(tree, 'set', 'CPU fan', '1%', '--for', '300ms')).toMatchObject({
      status: 0,
      stdout: 'Change 1: nct6798/fan2 is held at 20 %. It goes back when this command ends.\n',
      stderr: expect.stringContaining('20 % is the bound of nct6798/fan2'),
    });
    expect([tree.read('nct6798/pwm2_enable'), tree.read('nct6798/pwm2')]).toEqual(['1', '120']);
  });

  it('goes back when the command is killed, and its guard ends', async () => {
    const tree = makeDesk();
    const running = await hold(tree, 'set', 'fan1', '40%');
    await running.end('SIGKILL');
    await eventually(isBack(tree), 'the fan is back');
    await eventually(() => guardsOf(tree).length === 0, 'the guard has ended');
    expect((await run(['changes', 'show', '1', '--root', tree.root])).stdout).toContain('The process that it was made for has ended.');
  });

  it.each([
    ['the next one that is set', ['fan', 'set', 'fan2', '50%', '--for', '0.1s']],
    ['recover', ['changes', 'recover']],
  ] as const)('goes back with %s when its guard was killed too', async (_name, words) => {
    const tree = makeDesk();
    const running = await hold(tree, 'set', 'fan1', '40%');
    for (const pid of guardsOf(tree)) process.kill(pid, 'SIGKILL');
    await running.end('SIGKILL');
    expect(fan1(tree)).toBe('1 102');
    expect((await run([...words, '--root', tree.root])).status).toBe(0);
    expect(isBack(tree)()).toBe(true);
  });

  it('is not given to a second command', async () => {
    const tree = makeDesk();
    const running = await hold(tree, 'set', 'fan1', '40%');
    expect(await fan(tree, 'set', 'fan1', '60%')).toMatchObject({
      status: 6,
      stderr: expect.stringContaining('holds the fan nct6798/fan1'),
    });
    expect(fan1(tree)).toBe('1 102');
    await running.end();
  });

  it('is given back by auto, and whoever held it ends and says so', async () => {
    const tree = makeDesk();
    const running = await hold(tree, 'set', 'fan1', '40%');
    expect(await fan(tree, 'auto', 'fan1')).toMatchObject({ status: 0 });
    expect(await running.ended()).toMatchObject({ status: 6, stderr: expect.stringContaining('The fan was given back.') });
    expect(isBack(tree)()).toBe(true);
    expect((await fan(tree, 'auto')).stdout).toBe('Nothing to do: hecate holds no fan.\n');
  });

  it('is let go of when somebody else takes it', async () => {
    const tree = makeDesk();
    const running = await hold(tree, 'set', 'fan1', '40%');
    tree.write('nct6798/pwm1_enable', 4);
    expect(await running.ended()).toMatchObject({ status: 6, stderr: expect.stringContaining('or another program, has taken') });
    expect(tree.read('nct6798/pwm1_enable')).toBe('4');
  });

  it('is at full speed while a chip is critically hot', async () => {
    const tree = makeDesk();
    const running = await hold(tree, 'set', 'fan1', '40%');
    tree.write('k10temp/temp1_input', 95_000);
    await running.until(/Full speed: k10temp\/temp1 is critically hot\./);
    await eventually(() => tree.read('nct6798/pwm1') === '255', 'it is at full speed');
    tree.write('k10temp/temp1_input', 60_000);
    await running.until(/The danger is over/);
    await eventually(() => tree.read('nct6798/pwm1') === '102', 'it is as it was set');
    await running.end();
  });
});

describe('a fan on a curve', () => {
  it('follows its temperature', async () => {
    const tree = makeDesk();
    const running = await hold(tree, ...CURVE);
    for (const [celsius, duty] of [
      [30, 51],
      [70, 191],
      [50, 89],
      [80, 255],
    ] as const) {
      tree.write('k10temp/temp1_input', celsius * 1000);
      await eventually(() => tree.read('nct6798/pwm1') === String(duty), `${celsius} °C is a duty of ${duty}`);
    }
    await running.end();
    expect(isBack(tree)()).toBe(true);
  });

  it('is at full speed while its temperature cannot be read', async () => {
    const tree = makeDesk();
    const running = await hold(tree, ...CURVE);
    tree.write('k10temp/temp1_input', '');
    await running.until(/Full speed: k10temp\/temp1 cannot be read\./);
    expect(tree.read('nct6798/pwm1')).toBe('255');
    tree.write('k10temp/temp1_input', 40_000);
    await eventually(() => tree.read('nct6798/pwm1') === '51', 'it is on its curve again');
    await running.end();
  });
});

const whyNot =
  process.geteuid?.() !== 0 ? 'it needs root to become nobody' : spawnSync('setpriv', ['--version']).error ? 'there is no setpriv' : null;
if (whyNot) console.warn(`SKIPPED: fans of another user: ${whyNot}`);

describe('a user who may not', () => {
  it.skipIf(whyNot)('is told so in a sentence, and nothing is changed', async () => {
    const tree = makeDesk();
    chmodSync(tree.root, 0o755);
    const state = temporary('nobody');
    chmodSync(state, 0o777);
    const ended = await start(['fan', 'set', 'fan1', '40%', '--root', tree.root, '--state-dir', state], {
      wrap: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
    }).ended();
    expect(ended).toMatchObject({ status: 5, stdout: '' });
    expect(ended.stderr).toMatch(
      /^hecate: The fan nct6798\/fan1 may not be set by this user\. .*\n +Setting fans takes root: run it with sudo\.\n$/,
    );
    expect(fan1(tree)).toBe('5 153');
  });
});
