import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openNativeLibraries } from '@hecate/host';
import type { NativeLibraries, NativeLibrary } from '@hecate/host';
import { NVML_PATH } from './nvml.ts';

const SOURCE = fileURLToPath(new URL('../../../nvml-fake/nvml.c', import.meta.url));

/** The stand-in for NVIDIA's library. */
export interface FakeNvml {
  /** The libraries of a machine that has it, and lacks what `lacks` says. */
  libraries(lacks?: (symbol: string) => boolean): NativeLibraries;
  /** Everything anew. `answer` is what starting it gives: 0 is success. `pid` computes, among many if it is `crowded`. */
  reset(answer?: number, pid?: number, crowded?: boolean): void;
  /** What its callers did wrong; how often it is open; how often it was started. */
  faults(): number;
  open(): number;
  starts(): number;
  remove(): void;
}

/** Builds the stand-in. Why it cannot be built, as text, where there is no compiler. */
export function buildFakeNvml(): FakeNvml | string {
  if (process.platform !== 'linux') return 'the library is that of Linux';
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-nvml-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const file = path.join(directory, 'libnvml-fake.so');
  const flags = ['-shared', '-fPIC', '-std=gnu11', '-Wall', '-Wextra', '-Werror', '-Wl,-Bsymbolic'];
  const { status, stderr, error } = spawnSync('gcc', [...flags, '-o', file, SOURCE], { encoding: 'utf8' });
  if (error) {
    remove();
    return `gcc does not start: ${error.message}`;
  }
  if (status !== 0) throw new Error(stderr);
  const all = openNativeLibraries(() => file);
  const library = all.load(file)!;
  const ask = (symbol: string): (() => number) => library.function(symbol, { gives: 'i32', takes: [] }) as () => number;
  const reset = library.function('fake_nvml_reset', { gives: 'void', takes: ['i32', 'u32', 'i32'] })!;
  return {
    libraries: (lacks = () => false) => {
      const without: NativeLibrary = {
        ...library,
        function: (symbol, prototype) => (lacks(symbol) ? null : library.function(symbol, prototype)),
      };
      return { ...all, load: (wanted) => (wanted === NVML_PATH ? without : null) };
    },
    reset: (answer = 0, pid = 0, crowded = false) => void reset(answer, pid, Number(crowded)),
    faults: ask('fake_nvml_faults'),
    open: ask('fake_nvml_open'),
    starts: ask('fake_nvml_starts'),
    remove,
  };
}
