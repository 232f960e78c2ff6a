import type { UnitAction } from '../action.ts';
import type { ActionCase, ActionPlace, ActionSuite } from './action-contract.testing.ts';
import { createMachine, needsRoot } from './machine.testing.ts';
import type { TreeEntry } from './tree-picture.testing.ts';

/**
 * systemctl(1) for a machine of files: /units/NAME/{active,file} hold ActiveState and UnitFileState; with a file `hidden` it is enabled
 * under its mask; `slow` counts the looks until a start or stop is over.
 */
const SYSTEMCTL = `
for name; do :; done
unit="$ROOT/units/$name"
echo "$@" >>"$ROOT.bin/calls"
case " $* " in
  *' show '*)
    [ -d "$unit" ] || { printf 'LoadState=not-found\\nActiveState=inactive\\nUnitFileState=\\n'; exit 0; }
    file=$(cat "$unit/file"); active=$(cat "$unit/active"); load=loaded
    case "$file" in masked*) load=masked;; esac
    if [ -s "$unit/slow" ]; then
      looks=$(cat "$unit/slow"); active=activating
      if [ "$looks" = 1 ]; then rm "$unit/slow"; else echo $((looks - 1)) >"$unit/slow"; fi
    fi
    printf 'LoadState=%s\\nActiveState=%s\\nUnitFileState=%s\\n' "$load" "$active" "$file";;
  *' start '*)
    case "$(cat "$unit/file")" in masked*) echo "Failed to start $name: Unit $name is masked." >&2; exit 1;; esac
    echo active >"$unit/active";;
  *' stop '*) echo inactive >"$unit/active";;
  *' enable '*) echo enabled >"$unit/file";;
  *' disable '*) echo disabled >"$unit/file";;
  *' mask '*) cp "$unit/file" "$unit/hidden"; echo masked >"$unit/file";;
  *' unmask '*) mv "$unit/hidden" "$unit/file";;
  *) exit 1;;
esac
`;

/** A machine with systemd and one unit. */
export const openUnit = (
  name: string,
  active: string,
  file: string,
  more: Readonly<Record<string, TreeEntry>> = {},
): ActionPlace & { readonly directory: string } =>
  createMachine(
    { '/run/systemd/system': { directory: true }, [`/units/${name}/active`]: `${active}\n`, [`/units/${name}/file`]: `${file}\n`, ...more },
    { systemctl: SYSTEMCTL },
  );

/** launchctl(1) in the same way: a job is loaded when there is /loaded/LABEL, disabled when there is /disabled/LABEL. */
const LAUNCHCTL = `
target="$2"; label="\${target#system/}"
echo "$@" >>"$ROOT.bin/calls"
mkdir -p "$ROOT/loaded" "$ROOT/disabled"
case "$1" in
  print) [ -e "$ROOT/loaded/$label" ] || { echo "Could not find service" >&2; exit 113; }; echo 'system/x = {';;
  print-disabled)
    echo '	disabled services = {'
    for name in "$ROOT"/disabled/*; do [ -e "$name" ] && printf '\\t\\t"%s" => %s\\n' "$(basename "$name")" "$(cat "$name")"; done
    echo '		"com.apple.other" => enabled'
    echo '	}';;
  enable) rm -f "$ROOT/disabled/$label";;
  disable) echo disabled >"$ROOT/disabled/$label";;
  bootstrap)
    label="$(basename "$3" .plist)"
    [ -e "$ROOT$3" ] && [ ! -e "$ROOT/disabled/$label" ] || { echo "Bootstrap failed: 5: Input/output error" >&2; exit 5; }
    touch "$ROOT/loaded/$label";;
  bootout) rm "$ROOT/loaded/$label" || exit 3;;
  *) exit 64;;
esac
`;

/** A Mac with one job. */
export const openJob = (label: string, loaded: boolean, disabled: string | null): ActionPlace & { readonly directory: string } => {
  const place = createMachine(
    {
      [`/Library/LaunchDaemons/${label}.plist`]: '<plist/>',
      '/loaded': { directory: true },
      '/disabled': { directory: true },
      ...(loaded ? { [`/loaded/${label}`]: '' } : {}),
      ...(disabled === null ? {} : { [`/disabled/${label}`]: `${disabled}\n` }),
    },
    { launchctl: LAUNCHCTL },
  );
  return { ...place, host: { ...place.host, platform: 'darwin' } };
};

const UNIT = 'irqbalance.service';
const caseOf = (
  name: string,
  wish: Omit<UnitAction, 'kind' | 'unit'>,
  active: string,
  file: string,
  more: Record<string, string> = {},
): ActionCase<UnitAction> => ({
  name,
  missing: needsRoot,
  action: { kind: 'unit', unit: UNIT, ...wish },
  open: () => openUnit(UNIT, active, file, more),
});

export const suite: ActionSuite<UnitAction> = {
  shape: { optional: ['active', 'enabled', 'masked', 'made'] },
  cases: [
    caseOf('it is stopped and disabled', { active: false, enabled: false }, 'active', 'enabled'),
    caseOf('it is started and enabled', { active: true, enabled: true }, 'inactive', 'disabled'),
    caseOf('it is stopped, and masked', { active: false, masked: true }, 'active', 'enabled'),
    caseOf('it is unmasked and started', { active: true, masked: false }, 'inactive', 'masked', { [`/units/${UNIT}/hidden`]: 'enabled\n' }),
    caseOf('a static one is started', { active: true }, 'inactive', 'static'),
    {
      name: 'a job of launchd is loaded and enabled',
      missing: needsRoot,
      action: { kind: 'unit', unit: 'hecate.daemon.plist', active: true, enabled: true },
      open: () => openJob('hecate.daemon', false, 'disabled'),
    },
    {
      name: 'a job of launchd is ended and disabled',
      missing: needsRoot,
      action: { kind: 'unit', unit: 'hecate.daemon.plist', active: false, enabled: false },
      open: () => openJob('hecate.daemon', true, null),
    },
  ],
};
