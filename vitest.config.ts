import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Tests run against the sources: a package name resolves to its src/index.ts, so coverage is of what we wrote.
const source = (name: string): string => fileURLToPath(new URL(`packages/${name}/src/index.ts`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: Object.fromEntries(['host', 'metrics', 'change', 'observe', 'tune'].map((name) => [`@hecate/${name}`, source(name)])),
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/observe/dashboard/test/**/*.test.ts', 'test/**/*.test.ts'],
    // What a test waits for gives up after a minute, and says what it was: that comes before this.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // A second, the default, is little on a machine that does something else too.
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.testing.ts', '**/index.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
