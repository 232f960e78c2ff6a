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
  shape: { optional: ['active', 'enabled', 'masked'] },
  cases: [
    caseOf('it is stopped and disabled', { active: false, enabled: false }, 'active', 'enabled'),
    caseOf('it is started and enabled', { active: true, enabled: true }, 'inactive', 'disabled'),
    caseOf('it is stopped, and masked', { active: false, masked: true }, 'active', 'enabled'),
    caseOf('it is unmasked and started', { active: true, masked: false }, 'inactive', 'masked', { [`/units/${UNIT}/hidden`]: 'enabled\n' }),
    caseOf('a static one is started', { active: true }, 'inactive', 'static'),
  ],
};
