import type { DmiReading } from '@hecate/metrics';
import type { FormFactor } from '../facts.ts';
import type { Look } from './look.ts';

/** Cases that people carry, in the words of SMBIOS (3.7, 7.4.1); the rest of its words is below. */
const LAPTOP = /^(?:Portable|Laptop|Notebook|Sub Notebook|Docking Station|Convertible|Detachable)$/;
const TABLET = /^(?:Tablet|Hand Held)$/;
const DESKTOP =
  /^(?:(?:Low Profile )?Desktop|Pizza Box|(?:Mini )?Tower|All in One|Space-saving|Lunch Box|Sealed-case PC|(?:Mini|Stick) PC)$/;
const SERVER = /Server|Rack|RAID|Blade|Expansion|SubChassis|Peripheral|Multi-system|Compact PCI|Advanced TCA/;
const EMBEDDED = /^(?:IoT Gateway|Embedded PC)$/;

/** The preferred power management profile of ACPI (ACPI 6.5, 5.2.9, FADT), which is right where the case says nothing. */
const ACPI_PROFILES: readonly FormFactor[] = [
  'unknown',
  'desktop',
  'laptop',
  'desktop',
  'server',
  'server',
  'embedded',
  'server',
  'tablet',
];

/** `chassis-type` of a device tree (Devicetree Specification 0.4, 3.2). */
const TREE_TYPES: Readonly<Record<string, FormFactor>> = {
  desktop: 'desktop',
  'all-in-one': 'desktop',
  laptop: 'laptop',
  convertible: 'laptop',
  server: 'server',
  tablet: 'tablet',
  handset: 'tablet',
  watch: 'embedded',
  embedded: 'embedded',
};

function ofCase(chassis: string): FormFactor {
  if (LAPTOP.test(chassis)) return 'laptop';
  if (TABLET.test(chassis)) return 'tablet';
  if (DESKTOP.test(chassis)) return 'desktop';
  if (SERVER.test(chassis)) return 'server';
  return EMBEDDED.test(chassis) ? 'embedded' : 'unknown';
}

/** What a board with a device tree is: what it says, else a small computer on one board, as nearly all that do not say are. */
function ofBoard(look: Look): FormFactor {
  const said = look.text('/proc/device-tree/chassis-type') ?? look.text('/sys/firmware/devicetree/base/chassis-type');
  return TREE_TYPES[said ?? ''] ?? 'embedded';
}

/** What kind of machine it is. A virtual machine is `virtual`, whatever case its firmware pretends. */
export function readFormFactor(look: Look, dmi: DmiReading | null, isVirtual: boolean, hasBattery: boolean): FormFactor {
  if (isVirtual) return 'virtual';
  const ofSmbios = ofCase(dmi?.chassisType ?? '');
  if (ofSmbios !== 'unknown') return ofSmbios;
  const ofAcpi = ACPI_PROFILES[look.number('/sys/firmware/acpi/pm_profile') ?? 0] ?? 'unknown';
  if (ofAcpi !== 'unknown') return ofAcpi;
  const hasTree = dmi !== null && (dmi.deviceTreeModel !== null || dmi.deviceTreeCompatible.length > 0);
  const board = hasTree ? ofBoard(look) : 'unknown';
  return hasBattery && (board === 'unknown' || board === 'embedded') ? 'laptop' : board;
}
