import { IOKIT_PATH, LIBSYSTEM_PATH, SMC_FUNCTIONS } from '@hecate/host';
import type { NativePrototype } from '@hecate/host';
import { nativePrototype } from '../binding/bind.ts';
import { CORE_FOUNDATION_PATH, CORE_FOUNDATION_VARIABLES } from '../binding/core-foundation.ts';
import { CORE_WLAN_PATH } from '../binding/core-wlan.ts';
import { DARWIN_LIBRARIES } from '../binding/darwin.ts';
import { LIBSYSTEM_VARIABLES } from '../binding/libsystem.ts';
import type { Prototype } from '../binding/prototypes.ts';

/** Every function that is called of macOS: its prototype, by the path of its library and its symbol. */
export const CALLED: Readonly<Record<string, Readonly<Record<string, NativePrototype>>>> = (() => {
  const called: Record<string, Record<string, NativePrototype>> = {};
  for (const { path, table, symbols = {} } of Object.values(DARWIN_LIBRARIES)) {
    called[path] = Object.fromEntries(
      Object.entries<Prototype>(table).map(([name, prototype]) => [symbols[name] ?? name, nativePrototype(prototype)]),
    );
  }
  // The controller is asked by its own functions, without tables.
  called[IOKIT_PATH] = { ...SMC_FUNCTIONS, ...called[IOKIT_PATH] };
  // Loading it is all that is done with it.
  called[CORE_WLAN_PATH] = {};
  return called;
})();

/** Variables whose addresses are asked for: by the path of their library. */
export const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  [LIBSYSTEM_PATH]: Object.keys(LIBSYSTEM_VARIABLES),
  [CORE_FOUNDATION_PATH]: CORE_FOUNDATION_VARIABLES,
};
