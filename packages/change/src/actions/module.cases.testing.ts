import type { ModuleAction } from '../action.ts';
import type { ActionPlace, ActionSuite } from './action-contract.testing.ts';
import { createMachine } from './machine.testing.ts';

/** Lines of /proc/modules. */
export const DUMMY = 'dummy 16384 0 - Live 0x0000000000000000\n';
export const OTHERS = 'ext4 811008 1 - Live 0x0000000000000000\nmbcache 16384 1 ext4, Live 0x0000000000000000\n';

/** modprobe(8) for a machine of files: it loads and unloads `dummy`, whose parameter is 1 by default, and knows no other module. */
export const MODPROBE = `
echo "$@" >>"$ROOT.bin/calls"
case "$*" in *dummy*) ;; *) echo "modprobe: FATAL: Module not found." >&2; exit 1;; esac
case "$1" in
  --dry-run) ;;
  --remove)
    grep -q '^dummy ' "$ROOT/proc/modules" || exit 1
    grep -v '^dummy ' "$ROOT/proc/modules" >"$ROOT.bin/modules" || true
    cat "$ROOT.bin/modules" >"$ROOT/proc/modules"
    rm -r "$ROOT/sys/module/dummy";;
  *)
    grep -q '^dummy ' "$ROOT/proc/modules" && exit 0
    mkdir -p "$ROOT/sys/module/dummy/parameters"
    echo live >"$ROOT/sys/module/dummy/initstate"
    echo 1 >"$ROOT/sys/module/dummy/parameters/numdummies"
    echo Y >"$ROOT/sys/module/dummy/parameters/debug"
    for given in "$@"; do
      case "$given" in
        numdummies=*) echo "\${given#*=}" >"$ROOT/sys/module/dummy/parameters/numdummies";;
        debug=[0N]) echo N >"$ROOT/sys/module/dummy/parameters/debug";;
      esac
    done
    echo 'dummy 16384 0 - Live 0x0000000000000000' >>"$ROOT/proc/modules";;
esac
`;

/** A machine with some modules. */
export const openModules =
  (modules: string, files: Readonly<Record<string, string>> = {}): (() => ActionPlace & { readonly directory: string }) =>
  () =>
    createMachine(
      {
        '/proc/modules': modules,
        '/proc/sys/kernel/osrelease': '6.1.0-test\n',
        '/lib/modules/6.1.0-test/modules.builtin': 'kernel/drivers/block/loop.ko\nkernel/fs/fat/nls-cp437.ko\n',
        '/sys/module/ext4/initstate': 'live\n',
        ...files,
      },
      { modprobe: MODPROBE },
    );

const LOADED = {
  '/sys/module/dummy/initstate': 'live\n',
  '/sys/module/dummy/parameters/numdummies': '3\n',
  '/sys/module/dummy/parameters/debug': 'N\n',
};

export const suite: ActionSuite<ModuleAction> = {
  shape: { optional: ['parameters'] },
  cases: [
    {
      name: 'a module is loaded with parameters, of which the kernel does not show one',
      action: { kind: 'module', module: 'dummy', loaded: true, parameters: { numdummies: '0x2', debug: '0', secret: 'abc' } },
      open: openModules(OTHERS),
    },
    { name: 'a module is loaded', action: { kind: 'module', module: 'dummy', loaded: true }, open: openModules(OTHERS) },
    {
      name: 'a module is unloaded, and comes back with what it was given',
      action: { kind: 'module', module: 'dummy', loaded: false },
      open: openModules(`${OTHERS}${DUMMY}`, LOADED),
    },
  ],
};
