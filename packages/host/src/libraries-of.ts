import { HecateError } from './error.ts';
import type { Host } from './host.ts';
import { openNativeLibraries } from './native-library.ts';
import type { NativeLibraries } from './native-library.ts';

/**
 * The native libraries of a machine: what stands in for them, or those of the machine we run on.
 * Throws UNAVAILABLE for a machine that is only files.
 */
export function librariesOf(host: Host): NativeLibraries {
  if (host.libraries) return host.libraries();
  if (host.kind === 'real') return openNativeLibraries();
  throw new HecateError('UNAVAILABLE', `No library can be called on a machine that is only files under ${host.root}.`);
}
