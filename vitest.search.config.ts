import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

// The long search of `npm run test:search`: the tests with properties alone, each tried HECATE_SEARCH times as often.
const here = fileURLToPath(new URL('.', import.meta.url));
const withProperties = ['packages', 'test'].flatMap((folder) =>
  readdirSync(join(here, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'))
    .filter((name) => readFileSync(join(here, name), 'utf8').includes("from 'fast-check'")),
);

const { resolve, test } = mergeConfig(usual, {
  test: { testTimeout: 60_000 * Number(process.env['HECATE_SEARCH']) },
});

export default defineConfig({
  resolve: {
    alias: [
      { find: /^fast-check$/, replacement: join(here, 'test/search/fast-check.mjs') },
      ...Object.entries((resolve?.alias ?? {}) as Record<string, string>).map(([find, replacement]) => ({ find, replacement })),
    ],
  },
  test: { ...test, include: withProperties },
});
