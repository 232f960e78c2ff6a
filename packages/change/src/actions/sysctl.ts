import path from 'node:path';
import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { Json, SysctlAction } from '../action.ts';
import { deviceOf } from '../device.ts';
import { expectValue, knownSysctl, nearestSysctl } from '../known-sysctls.ts';
import { expectProperties, lineOf, quote } from './raw-action.ts';
import { effectOf, isFinal, triggerOf } from './sysctl/effects.ts';
import { fileOfKey, formOfValue, readKey, writeKey } from './sysctl/key-file.ts';
import { canonicalKey, keyInterface, keyParts, keyPath } from './sysctl/key.ts';
import { isMixture, knotOf } from './sysctl/knot.ts';
import type { Values } from './sysctl/knot.ts';
import { isSame } from '../transaction.ts';
import { checkValueFile, expectInside } from './value-file.ts';
import type { ValueHandler } from './value-handler.ts';

/**
 * Sysctls: files of /proc/sys. What they are is in Documentation/admin-guide/sysctl of the kernel, how a key is written in sysctl.d(5).
 * The state is the value; of sysctls that change together it is an object with all of them.
 */
export const sysctl: ValueHandler<SysctlAction> = {
  kind: 'sysctl',
  persists: false,

  parse(raw) {
    expectProperties(raw, 'sysctl', ['key', 'value']);
    const key = canonicalKey(lineOf(raw, 'key', 'sysctl'));
    const value = lineOf(raw, 'value', 'sysctl');
    const does = triggerOf(key);
    if (does === null) return { kind: 'sysctl', key, value };
    throw new HecateError('INVALID', `${key} is no setting: it ${does}, and nothing could be brought back.`);
  },

  target({ key }) {
    const name = canonicalKey(key);
    return knotOf(name)?.keys.join(', ') ?? name;
  },

  describe: ({ key }) => canonicalKey(key),
  sideEffect: ({ key }) => effectOf(canonicalKey(key)),

  device(host, { key }) {
    const name = keyInterface(key);
    return name === null ? null : deviceOf(host, `/sys/class/net/${name}`);
  },

  current(host, action) {
    const key = canonicalKey(action.key);
    expectThere(host, key);
    return knotOf(key)?.read(host) ?? readKey(host, key);
  },

  wanted: (action, was) => stateAfter(action, was),

  check(host, action) {
    const key = canonicalKey(action.key);
    checkValueFile(host, fileOfKey(key));
    knotOf(key)?.check?.(host);
  },

  apply(host, action, was) {
    write(host, action, stateAfter(action, was));
  },

  restore(host, action, was) {
    write(host, action, was);
  },

  isOurs: (now, wanted, was) => (typeof was === 'string' ? isSame(now, wanted) : isMixture(now as Values, wanted as Values, was as Values)),
};

/** The state that an action leads to. Throws INVALID for a value that is none, or that nothing could take back. */
function stateAfter(action: SysctlAction, was: Json): string | Values {
  const key = canonicalKey(action.key);
  const value = formOfValue(key, action.value);
  const known = knownSysctl(key);
  if (known) expectValue(key, known, value);
  if (isFinal(key, value)) {
    throw new HecateError('INVALID', `${key} stays ${quote(value)} until the next boot once it is written: it could not be undone.`);
  }
  return knotOf(key)?.after(key, value, was as Values) ?? value;
}

function write(host: WritableHost, action: SysctlAction, state: Json): void {
  const key = canonicalKey(action.key);
  const knot = knotOf(key);
  if (knot) knot.write(host, state as Values);
  else writeKey(host, key, state as string);
}

/** What every kernel has at the top of /proc/sys, or a module brings. */
const TOPS = new Set(['abi', 'crypto', 'debug', 'dev', 'fs', 'kernel', 'net', 'sunrpc', 'user', 'vm', 'xen']);

/** Throws INVALID for a key that nobody knows, and UNAVAILABLE for one that this kernel does not have. */
function expectThere(host: WritableHost, key: string): void {
  expectInside(host, keyPath(key), '/proc/sys');
  if (isThere(host, keyPath(key))) return;
  const name = `This kernel has no sysctl ${key}`;
  if (knownSysctl(key)) throw new HecateError('UNAVAILABLE', `${name}: it is too old or too new, or lacks that part.`);
  if (TOPS.has(keyParts(key)[0]!) && !isThere(host, path.dirname(keyPath(key)))) {
    throw new HecateError('UNAVAILABLE', `${name}: it may belong to a module that is not loaded.`);
  }
  const meant = nearestSysctl(key);
  throw new HecateError('INVALID', meant === null ? `${name}, and it is not known.` : `${name}: did you mean ${meant}?`);
}

function isThere(host: WritableHost, place: string): boolean {
  try {
    return host.status(place) !== null;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
