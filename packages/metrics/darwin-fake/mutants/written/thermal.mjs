import { list } from './list.mjs';

export const mutants = [
  ...list('thermal-levels.ts', [
    ['another name', "'com.apple.system.thermalpressurelevel'", "'com.apple.system.power.thermal_warning'"],
    [
      'what is not known is nominal',
      'if (word === undefined) throw',
      "if (word === undefined) return 'nominal'; if (word === undefined) throw",
    ],
  ]),
  ...list('thermal.ts', [
    ['leak: the token', 'libsystem.notify_cancel(number);', ''],
    ['the token is the level', 'libsystem.notify_get_state(number, state)', 'libsystem.notify_get_state(number + 1, state)'],
    ['a refusal is nominal', 'if (registered !== 0) throw', 'if (registered === 1) throw'],
    ['Apple silicon has a level of its CPU', 'if (isAppleSilicon(darwin)) throw', 'if (darwin === undefined) throw'],
  ]),
  ...list('../domain/thermal.ts', [
    ['levels swapped', "'nominal', 'moderate', 'heavy'", "'nominal', 'heavy', 'moderate'"],
    ['moderate pressure throttles', "pressure !== 'nominal' && pressure !== 'moderate'", "pressure !== 'nominal'"],
    ['unknown pressure throttles not', 'return pressure === null ? null :', 'return pressure === null ? false :'],
  ]),
  ...list('../domain/cpu-temperature.ts', [
    ['batteries are CPUs', 'hid: [/^CPU /, /^PMU tdie/],', 'hid: [/^CPU /, /^PMU tdie/, /^/],'],
    ['the SMC measures nothing but CPUs', 'smc: [/^CPU hottest$/,', 'smc: [/^CPU hottest$/, /^/,'],
  ]),
];
