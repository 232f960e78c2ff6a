import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from '../packages/cli/src/top/scene.ts';
import type { TopSource } from '../packages/cli/src/top/source.ts';
import { temporary } from './cli.testing.ts';

/** Scenes until one is as it should be. */
export async function sceneWhere(source: TopSource, isIt: (scene: Scene) => boolean): Promise<Scene> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), 60_000);
  try {
    for await (const scene of source.scenes(late.signal)) if (isIt(scene)) return scene;
  } finally {
    clearTimeout(timer);
  }
  throw new Error('No scene was as it should be.');
}

/** A directory whose configuration is this: for XDG_CONFIG_HOME. */
export function configOf(text: string): string {
  const directory = temporary('config');
  mkdirSync(join(directory, 'hecate'));
  writeFileSync(join(directory, 'hecate', 'config.toml'), text);
  return directory;
}

/** Hears sentences that do not matter to a test. */
export const silent = (): void => undefined;
