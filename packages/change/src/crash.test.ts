import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openHandlers } from './actions/index.ts';
import { simpleHandlers } from './crash/handlers.testing.ts';
import { createMachine } from './crash/machine.testing.ts';
import type { Entry, Kernel, Machine, Mishap, Position } from './crash/machine.testing.ts';
import { spoilLine } from './crash/damage.testing.ts';
import { expectWhole, pictureOfMachine, pictureOfModel, playLast, setStage, startEngine, volatileFiles } from './crash/run.testing.ts';
import type { Stage } from './crash/run.testing.ts';
import { stories } from './crash/world.testing.ts';
import { openEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { planOf, set } from './engine.testing.ts';

// On a busy machine it takes a while, and `npm run test:search` looks longer; what hangs is still ended.
vi.setConfig({ testTimeout: 300_000 * Number(process.env['HECATE_SEARCH'] ?? 1) });

const POSITIONS: readonly Position[] = ['before', 'during', 'after'];

/** Tells stories, and tries the last operation of each with every mishap of a list. Answers how many there were. */
async function search(
  runs: number,
  mishaps: (effects: number) => readonly Mishap[],
  check: (stage: Stage, mishap: Mishap) => Promise<void>,
): Promise<number> {
  let cases = 0;
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      const stage = await setStage(story, story.order % 2 === 0 ? simpleHandlers : openHandlers());
      if (!stage) return;
      try {
        const { effects } = await playLast(stage, null);
        await expectWhole(stage);
        for (const mishap of mishaps(effects)) {
          cases++;
          try {
            await check(stage, mishap);
          } catch (error) {
            throw new Error(`${JSON.stringify(mishap)}: ${(error as Error).message}`, { cause: error });
          }
        }
      } finally {
        stage.machine.remove();
      }
    }),
    { numRuns: runs },
  );
  return cases;
}

const everyDeath = (effects: number): Mishap[] =>
  Array.from({ length: effects }, (_, at) => POSITIONS.map((position): Mishap => ({ at, position }))).flat();

/** A new process: recovers, and may be killed at some effect of that too. Answers whether it was. */
async function recoverWith(machine: Machine, start: () => Engine, mishap: Mishap | null): Promise<boolean> {
  machine.expect(mishap);
  try {
    expect((await start().recover()).flatMap(({ failures }) => failures)).toEqual([]);
  } catch (error) {
    if (!machine.isDead) throw error;
  }
  const { isDead } = machine;
  machine.expect(null);
  return isDead;
}

const recover = (stage: Stage, mishap: Mishap | null): Promise<boolean> => recoverWith(stage.machine, () => startEngine(stage), mishap);
const recoverOver = (machine: Machine, start: () => Engine, at: number): Promise<boolean> =>
  recoverWith(machine, start, { at, position: POSITIONS[at % 3]! });

describe('a process that is killed', () => {
  it('leaves a machine that is as before, or changed wholly, when the next one has recovered', async () => {
    const cases = await search(40, everyDeath, async (stage, mishap) => {
      await playLast(stage, mishap);
      await recover(stage, null);
      await expectWhole(stage);
    });
    expect(cases).toBeGreaterThan(200);
  });

  it('may have successors that are killed while they recover, each a little later', async () => {
    await search(10, everyDeath, async (stage, mishap) => {
      await playLast(stage, mishap);
      for (let at = 0; await recover(stage, { at, position: POSITIONS[at % 3]! }); at++) expect(at).toBeLessThan(100);
      await expectWhole(stage);
    });
  });
});

describe('changes that have to do with one another', () => {
  const refuse = (): never => {
    throw Object.assign(new Error('EINVAL: not together'), { code: 'EINVAL' });
  };
  /** As scaling_min_freq and scaling_max_freq of cpufreq: the kernel takes no minimum above the maximum. */
  const ordered: Kernel = (file, text, read) => {
    const other = Number(read(file === '/sys/min' ? '/sys/max' : '/sys/min'));
    if (file === '/sys/min' ? Number(text) > other : Number(text) < other) refuse();
    return { [file]: `${Number(text)}\n` };
  };
  /** As iostats and read_ahead_kb of a disk: writing the first resets the second. */
  const resetting: Kernel = (file, text) => ({
    ...(file === '/sys/iostats' ? { '/sys/read_ahead': '2560\n' } : {}),
    [file]: `${text.trim()}\n`,
  });

  /** Stairs: nobody stands on one above one that is empty. */
  const stairs: Kernel = (file, text, read) => {
    const step = Number(file.at(-1));
    if (Number(text) > 0 && step > 0 && Number(read(`/sys/step${step - 1}`)) === 0) refuse();
    if (Number(text) === 0 && step < STEPS - 1 && Number(read(`/sys/step${step + 1}`)) > 0) refuse();
    return { [file]: `${Number(text)}\n` };
  };
  const STEPS = 6;
  const flight = (value: string): [string, string][] => Array.from({ length: STEPS }, (_, step) => [`/sys/step${step}`, value]);

  it.each<[string, Kernel, Readonly<Record<string, number>>, readonly (readonly [string, string])[]]>([
    [
      'are undone in reverse order',
      ordered,
      { '/sys/min': 10, '/sys/max': 20 },
      [
        ['/sys/max', '40'],
        ['/sys/min', '30'],
      ],
    ],
    ['are undone in reverse order however many there are', stairs, Object.fromEntries(flight('0').map(([file]) => [file, 0])), flight('1')],
    [
      'are set again when a later one moves them',
      resetting,
      { '/sys/read_ahead': 128, '/sys/iostats': 1 },
      [
        ['/sys/read_ahead', '4096'],
        ['/sys/iostats', '0'],
      ],
    ],
    [
      'are restored again when a later one moves them',
      resetting,
      { '/sys/read_ahead': 128, '/sys/iostats': 1 },
      [
        ['/sys/iostats', '0'],
        ['/sys/read_ahead', '4096'],
      ],
    ],
    [
      'are held also where one was as wanted before',
      resetting,
      { '/sys/read_ahead': 4096, '/sys/iostats': 1 },
      [
        ['/sys/read_ahead', '4096'],
        ['/sys/iostats', '0'],
      ],
    ],
  ])('%s, from wherever they were left', async (_, rule, values, wishes) => {
    const tree = Object.fromEntries(
      Object.entries(values).map(([file, value]): [string, Entry] => [file, { text: `${value}\n`, mode: 0o644 }]),
    );
    const machine = createMachine({ '/sys': { directory: 0o755 }, ...tree }, rule);
    const plan = planOf(wishes.map(([file, value]) => set(file, value)));
    const start = (): Engine =>
      openEngine({ host: machine.host, store: machine.store, directory: machine.directory, handlers: simpleHandlers });
    /** Does something with a process that dies at each of its effects, and then whatever is left to do. */
    const everywhere = async (work: () => Promise<unknown>): Promise<void> => {
      const before = machine.save();
      for (let at = 0, alive = false; !alive; at++) {
        for (const position of POSITIONS) {
          machine.load(before);
          machine.expect({ at, position });
          await work().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
          alive = !machine.isDead;
          for (let again = at % 7; await recoverOver(machine, start, again); again++);
          for (const { id } of start().list()) expect((await start().rollBack(id)).failures).toEqual([]);
          expect(machine.save().tree, `${at} ${position}`).toEqual(untouched.tree);
        }
      }
      machine.load(before);
      machine.expect(null);
    };
    const untouched = machine.save();
    try {
      await everywhere(() => start().apply(plan));
      await start().apply(plan);
      for (const [file, value] of wishes) expect(machine.host.readText(file).trim()).toBe(value);
      await everywhere(() => start().rollBack(1));
    } finally {
      machine.remove();
    }
  });

  it('fail, and are undone, when they go on moving one another', async () => {
    const machine = createMachine(
      { '/sys': { directory: 0o755 }, '/sys/a': { text: '1\n', mode: 0o644 }, '/sys/b': { text: '1\n', mode: 0o644 } },
      (file, text) => ({
        '/sys/a': '0\n',
        '/sys/b': '0\n',
        [file]: `${text.trim()}\n`,
      }),
    );
    try {
      const engine = openEngine({ host: machine.host, store: machine.store, directory: machine.directory, handlers: simpleHandlers });
      await expect(engine.apply(planOf([set('/sys/a', '5'), set('/sys/b', '6')]))).rejects.toMatchObject({
        code: 'FAILED',
        message: expect.stringContaining('/sys/a was set'),
      });
      expect(engine.show(1).phase).toBe('undoing');
    } finally {
      machine.remove();
    }
  });
});

describe('a power cut', () => {
  it('leaves files that are as before, or changed wholly, and values that are those of the boot', async () => {
    await search(15, everyDeath, async (stage, mishap) => {
      await playLast(stage, mishap);
      stage.machine.cutPower(volatileFiles(stage));
      await recover(stage, null);
      await expectWhole(stage, true);
    });
  });
});

describe('a system that refuses', () => {
  const everyRefusal = (effects: number): Mishap[] =>
    Array.from({ length: effects }, (_, at): Mishap[] => {
      const errno = ['ENOSPC', 'EACCES', 'EINVAL', 'EBUSY', 'EIO'][at % 5]!;
      return [
        { at, errno, lasting: false },
        { at, errno: 'ENOSPC', lasting: true },
      ];
    }).flat();

  it('gets an answer that is true, and a machine that is whole when it does not refuse any more', async () => {
    await search(20, everyRefusal, async (stage, mishap) => {
      const { code } = await playLast(stage, mishap);
      const now = pictureOfMachine(stage.machine);
      if (code === 'ROLLED_BACK') expect(now, code).toEqual(pictureOfModel(stage.before));
      if (code === null) expect(now, 'no error').toEqual(pictureOfModel(stage.after));
      await recover(stage, null);
      await expectWhole(stage);
    });
  });

  it('gets its values back also when nothing can be written to the journal any more', async () => {
    const full = (effects: number): Mishap[] =>
      Array.from({ length: effects }, (_, at): Mishap => ({ at, errno: 'ENOSPC', lasting: true }));
    await search(10, full, async (stage, mishap) => {
      if (stage.last.type !== 'apply' || stage.last.replace) return;
      const { code } = await playLast(stage, mishap);
      const isKept = code === null || stage.machine.lastRefusal !== 'journal';
      if (!isKept) expect(pictureOfMachine(stage.machine)).toEqual(pictureOfModel(stage.before));
    });
  });
});

describe('a journal that the disk has damaged', () => {
  it('keeps what its other lines tell of from nothing', async () => {
    const everyLine = (): Mishap[] => Array.from({ length: 12 }, (_, at) => ({ at, position: 'before' }) as const);
    await search(10, everyLine, async (stage, { at }) => {
      await playLast(stage, null);
      const told: string[] = [];
      const spoiled = spoilLine(stage, at);
      if (!spoiled) return;
      const engine = startEngine(stage, (sentence) => told.push(sentence));
      await engine.recover();
      for (const { id, phase } of engine.list().reverse()) if (phase !== 'ended') expect((await engine.rollBack(id)).failures).toEqual([]);
      const now = pictureOfMachine(stage.machine);
      const wanted = pictureOfModel({ ...stage.after, layers: stage.after.layers.map(() => []) });
      for (const file of spoiled.files) {
        delete now[file];
        delete wanted[file];
      }
      expect(now).toEqual(wanted);
      if (spoiled.mattered) expect(told.join(' ')).toContain(`change ${spoiled.id} `);
    });
  });
});
