import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** A device that restarts the machine when nobody feeds it (kernel: Documentation/ABI/testing/sysfs-class-watchdog). Null: the driver does not say. */
export interface Watchdog {
  /** `watchdog0`. */
  readonly name: string;
  /** What it is: `Software Watchdog`. */
  readonly identity: string | null;
  /** `active` or `inactive`. */
  readonly state: string | null;
  /** Bits of linux/watchdog.h (WDIOF_*), as the driver writes them: `0x8000`. */
  readonly status: string | null;
  /** What it can do, as bits of linux/watchdog.h. */
  readonly options: string | null;
  /** What happens before the end: `noop`, `panic`. */
  readonly pretimeoutGovernor: string | null;
  /** Bits of linux/watchdog.h that say why the machine was restarted last; 0 unknown. */
  readonly bootStatus: number | null;
  readonly firmwareVersion: number | null;
  /** 1 when it cannot be stopped. */
  readonly noWayOut: number | null;
  /** Seconds until it restarts the machine. */
  readonly timeLeft: number | null;
  /** Seconds that it waits. */
  readonly timeout: number | null;
  /** Seconds before the end at which it warns. */
  readonly pretimeout: number | null;
  /** Whether the first flash chip is in use (boards with two). */
  readonly accessCs0: number | null;
}

type Figure = { [Key in keyof Watchdog]: Watchdog[Key] extends number | null ? Key : never }[keyof Watchdog];

const number = (key: Figure, name: string, unit: 'seconds' | 'none', help: string): Field<Watchdog> => ({
  key,
  kind: 'gauge',
  unit,
  help,
  nullWhen: 'the driver does not say',
  prometheus: { name: `node_watchdog_${name}` },
});

/** Fields of the `watchdog` collector. */
export const watchdogGroups = (): readonly Group<readonly Watchdog[]>[] => [
  group<readonly Watchdog[], Watchdog>({
    name: 'watchdog',
    source: '/sys/class/watchdog/*',
    rows: (reading) => reading,
    labels: { name: 'name' },
    fields: [
      {
        key: 'identity',
        kind: 'info',
        unit: 'none',
        help: 'What the watchdog is.',
        nullWhen: 'the driver does not say',
        prometheus: {
          name: 'node_watchdog_info',
          value: () => 1,
          properties: {
            options: 'options',
            identity: 'identity',
            state: 'state',
            status: 'status',
            pretimeout_governor: 'pretimeoutGovernor',
          },
        },
      },
      number('bootStatus', 'bootstatus', 'none', 'Flags of the last restart.'),
      number('firmwareVersion', 'fw_version', 'none', 'Version of its firmware.'),
      number('noWayOut', 'nowayout', 'none', '1 when it cannot be stopped.'),
      number('timeLeft', 'timeleft_seconds', 'seconds', 'Time until it restarts the machine.'),
      number('timeout', 'timeout_seconds', 'seconds', 'Time that it waits.'),
      number('pretimeout', 'pretimeout_seconds', 'seconds', 'Time before the end at which it warns.'),
      number('accessCs0', 'access_cs0', 'none', 'Whether the first flash chip is in use (boards with two).'),
    ],
  }),
];
