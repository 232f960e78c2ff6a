import { expect, test } from 'vitest';
import { createMountProbe } from './mount-probe.ts';
import type { MountAnswer, MountQuestion, MountSizes } from './mount-probe.ts';

const SIZES: MountSizes = { size: 100, free: 50, available: 40, files: 10, filesFree: 5 };

/** Mounts that answer, or hang until they are told to. Counts how many calls are out at once. */
function createMounts(dead: readonly string[]) {
  const asked: string[] = [];
  const release = new Map<string, () => void>();
  let out = 0;
  let most = 0;
  const call = async (path: Buffer): Promise<MountSizes> => {
    const name = path.toString();
    asked.push(name);
    most = Math.max(most, ++out);
    if (dead.includes(name)) await new Promise<void>((resolve) => release.set(name, resolve));
    else await new Promise((resolve) => setImmediate(resolve));
    out--;
    if (name === 'broken') throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'statfs' });
    return SIZES;
  };
  return { call, asked, release: (name: string) => release.get(name)!(), most: () => most };
}
const questions = (...names: string[]): MountQuestion[] =>
  names.map((key) => ({ key, mountpoint: `/${key}`, path: Buffer.from(key), remote: key.startsWith('nfs') }));
const brief = (answers: readonly MountAnswer[]): string[] => answers.map((answer) => ('sizes' in answer ? 'ok' : answer.reason));

test('answers come in the order of the questions, local mounts are asked first, errors have their reason', async () => {
  const mounts = createMounts([]);
  const answers = await createMountProbe(60, mounts.call).ask(questions('nfs1', 'a', 'broken', 'nfs2', 'b'));
  expect(brief(answers)).toEqual(['ok', 'ok', 'permission', 'ok', 'ok']);
  expect(answers[0]).toEqual({ sizes: SIZES });
  expect(answers[2]).toEqual({ reason: 'permission', detail: '/broken may not be read by this user.' });
  expect(mounts.asked.slice(0, 3)).toEqual(['a', 'broken', 'b']);
  expect(mounts.most()).toBeLessThanOrEqual(3);
});

test('no mounts, no answers', async () => {
  expect(await createMountProbe().ask([])).toEqual([]);
});

test('a dead mount is late alone, is not asked again, and is asked again once it came back', async () => {
  const mounts = createMounts(['nfs1']);
  const probe = createMountProbe(0.3, mounts.call);
  const all = questions('nfs1', 'a', 'nfs2', 'nfs3');
  expect(brief(await probe.ask(all))).toEqual(['timeout', 'ok', 'ok', 'ok']);
  expect(brief(await probe.ask(all))).toEqual(['timeout', 'ok', 'ok', 'ok']);
  expect(mounts.asked.filter((name) => name === 'nfs1')).toHaveLength(1);
  mounts.release('nfs1');
  await new Promise((resolve) => setImmediate(resolve));
  const again = probe.ask(questions('nfs1'));
  mounts.release('nfs1');
  expect(brief(await again)).toEqual(['ok']);
});

test('while two remote mounts hang, others are not asked and say why; local ones are', async () => {
  const mounts = createMounts(['nfs1', 'nfs2']);
  const probe = createMountProbe(0.3, mounts.call);
  const all = questions('nfs1', 'nfs2', 'nfs3', 'nfs4', 'a', 'b');
  for (let i = 0; i < 3; i++) {
    const answers = await probe.ask(all);
    expect(brief(answers)).toEqual(['timeout', 'timeout', 'timeout', 'timeout', 'ok', 'ok']);
    expect(answers[3]).toMatchObject({ detail: 'It was not asked, because 2 other mounts do not answer.' });
  }
  expect(mounts.asked.filter((name) => name.startsWith('nfs'))).toEqual(['nfs1', 'nfs2']);
  expect(mounts.most()).toBe(3);
});

test('one thread always stays free, even when local mounts hang', async () => {
  const mounts = createMounts(['a', 'b', 'c', 'd', 'e']);
  const probe = createMountProbe(0.3, mounts.call);
  const all = questions('a', 'b', 'c', 'd', 'e', 'nfs1');
  for (let i = 0; i < 2; i++) expect(brief(await probe.ask(all))).toEqual(Array<string>(6).fill('timeout'));
  expect(mounts.asked).toEqual(['a', 'b', 'c']);
});

test('when only earlier calls hold the places, nobody waits for the rest', async () => {
  const mounts = createMounts(['nfs1', 'nfs2']);
  const probe = createMountProbe(3600, mounts.call);
  const first = probe.ask(questions('nfs1', 'nfs2'));
  expect(brief(await probe.ask(questions('nfs3', 'a', 'nfs1')))).toEqual(['timeout', 'ok', 'timeout']);
  mounts.release('nfs1');
  mounts.release('nfs2');
  expect(brief(await first)).toEqual(['ok', 'ok']);
  expect(mounts.asked).toEqual(['nfs1', 'nfs2', 'a']);
});
