import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openEngine, openHandlers } from '@hecate/change';
import type { Action, Engine } from '@hecate/change';
import { openHost, openWritableHost } from '@hecate/host';
import { holdMachine } from '../packages/change/src/shared-machine.testing.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLoopDevice, loopDeviceMissing } from '../packages/change/src/actions/loop-device.testing.ts';
import type { LoopDevice } from '../packages/change/src/actions/loop-device.testing.ts';

const missing = loopDeviceMissing();
if (missing) process.stdout.write(`SKIPPED: changes to this machine: ${missing}\n`);

const APPLIER = fileURLToPath(new URL('./changes-applier.mjs', import.meta.url));
/** How often the applier is killed. */
const KILLS = 50;
const THP = '/sys/kernel/mm/transparent_hugepage';

if (!missing) afterAll(await holdMachine());

describe.skipIf(missing)('changes to this machine', () => {
  let top: string;
  let loop: LoopDevice;
  let values: string[];
  let original: Record<string, string>;

  const journal = (): string => path.join(top, 'journal');
  const engine = (): Engine => openEngine({ host: openWritableHost(openHost()), handlers: openHandlers(), directory: journal() });
  /** Everything that the plan may change. */
  const picture = (): Record<string, string> => ({
    ...Object.fromEntries(values.map((file) => [file, readFileSync(file, 'utf8')])),
    ...Object.fromEntries(
      readdirSync(path.join(top, 'etc')).map((name) => {
        const { mode, uid, gid, size } = lstatSync(path.join(top, 'etc', name));
        return [name, `${mode} ${uid} ${gid} ${size} ${readFileSync(path.join(top, 'etc', name), 'utf8')}`];
      }),
    ),
  });
  /** Rolls back all that is in force. */
  const undoAll = async (): Promise<void> => {
    for (const { id, phase } of engine().list().reverse())
      if (phase !== 'ended') expect((await engine().rollBack(id)).failures).toEqual([]);
  };

  beforeAll(() => {
    top = mkdtempSync(path.join(tmpdir(), 'hecate-live-'));
    mkdirSync(path.join(top, 'etc'));
    writeFileSync(path.join(top, 'etc/kept.conf'), 'as it was\n', { mode: 0o640 });
    loop = createLoopDevice();
    const queue = `/sys/block/${loop.name}/queue`;
    values = [`${queue}/scheduler`, `${queue}/read_ahead_kb`, `${queue}/nr_requests`, `${queue}/rq_affinity`];
    values.push('/proc/sys/vm/swappiness', '/proc/sys/vm/dirty_ratio', '/proc/sys/vm/dirty_bytes', `${THP}/enabled`);
    original = picture();
    const actions: Action[] = [
      { kind: 'sysctl', key: 'vm.swappiness', value: '11' },
      { kind: 'sysctl', key: 'vm.dirty_bytes', value: '268435456' },
      { kind: 'sysfs', path: `${THP}/enabled`, value: readFileSync(`${THP}/enabled`, 'utf8').includes('[never]') ? 'madvise' : 'never' },
      { kind: 'sysfs', path: `${queue}/scheduler`, value: original[`${queue}/scheduler`]!.includes('[none]') ? 'mq-deadline' : 'none' },
      { kind: 'sysfs', path: `${queue}/read_ahead_kb`, value: '4096' },
      { kind: 'file', path: path.join(top, 'etc/kept.conf'), content: 'changed\n' },
      { kind: 'file', path: path.join(top, 'etc/new.conf'), content: 'new\n', mode: 0o600 },
    ];
    const changes = actions.map((action) => ({ action, why: 'It is tried.', source: 'test', risk: 'live' }));
    writeFileSync(path.join(top, 'plan.json'), JSON.stringify({ component: 'live', title: 'live', changes }));
  });
  afterAll(async () => {
    if (!loop) return;
    try {
      await engine().recover();
      await undoAll();
    } finally {
      loop.remove();
      rmSync(top, { recursive: true, force: true });
    }
  });

  const start = (...more: string[]): ReturnType<typeof spawn> =>
    spawn(process.execPath, [APPLIER, path.join(top, 'plan.json'), journal(), ...more], { stdio: ['ignore', 'pipe', 'inherit'] });

  /** Milliseconds that an applier takes for its first rounds on this machine: the kills are spread over them. */
  const timeOf = async (rounds: number): Promise<number> => {
    const child = start();
    const exit = once(child, 'exit');
    await once(child.stdout!, 'data');
    const begun = performance.now();
    let said = '';
    for await (const text of child.stdout!) {
      said += String(text);
      if (said.split('round\n').length > rounds) break;
    }
    const time = performance.now() - begun;
    child.kill('SIGKILL');
    await exit;
    await engine().recover();
    await undoAll();
    return time;
  };

  it('are all made by one process and undone by another', async () => {
    const child = start('apply');
    const [status] = (await once(child, 'exit')) as [number];
    expect(status).toBe(0);
    expect((await engine().verify()).map(({ verdict }) => verdict)).toEqual(Array.from({ length: 7 }, () => 'kept'));
    const now = picture();
    for (const file of Object.keys(original)) if (!/nr_requests|rq_affinity/.test(file)) expect(now[file], file).not.toBe(original[file]);
    await undoAll();
    expect(picture()).toEqual(original);
  });

  it(`are whole after each of ${KILLS} kills, and gone after rolling back`, { timeout: 300_000 }, async () => {
    const span = await timeOf(2);
    let between = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const child = start();
      const exit = once(child, 'exit');
      await once(child.stdout!, 'data');
      await sleep((span * ((kill * 37) % KILLS)) / KILLS);
      child.kill(kill % 5 === 4 ? 'SIGTERM' : 'SIGKILL');
      expect((await exit)[1]).toMatch(/^SIG(?:KILL|TERM)$/);
      if (
        engine()
          .list()
          .some(({ phase }) => phase === 'applying' || phase === 'undoing')
      )
        between++;
      expect((await engine().recover()).flatMap(({ failures }) => failures)).toEqual([]);
      const live = engine()
        .list()
        .filter(({ phase }) => phase !== 'ended');
      expect(live.length).toBeLessThan(2);
      if (live.length === 0) expect(picture(), `kill ${kill}`).toEqual(original);
      else expect((await engine().verify()).map(({ verdict }) => verdict)).toEqual(Array.from({ length: 7 }, () => 'kept'));
      await undoAll();
      expect(picture(), `kill ${kill}`).toEqual(original);
    }
    process.stdout.write(`${between} of ${KILLS} kills came in the middle of a change\n`);
    expect(between).toBeGreaterThan(0);
  });

  it('are made by one process at a time', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = start('apply');
        let said = '';
        child.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
        await once(child, 'close');
        return said.split('\n').findLast(Boolean)!;
      }),
    );
    // Those that came while another was at work were refused; those after it found all as wanted.
    for (const outcome of outcomes)
      expect(outcome).toMatch(/^applied \d+$|^CONFLICT Another applier of changes (?:\(pid \d+\) )?writes to /);
    expect(outcomes.some((outcome) => outcome.startsWith('applied'))).toBe(true);
    await undoAll();
    expect(picture()).toEqual(original);
  });
});
