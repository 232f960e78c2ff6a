import { actionLines, TARGET_OPTIONS } from '../changes/declaration.ts';
import type { CommandDeclaration } from '../command-table.ts';
import type { FanCommand } from './request.ts';

const ACTIONS: Readonly<Record<FanCommand, string>> = {
  status: 'every fan: its turns, its duty, who decides about it',
  set: 'FAN SPEED: 40% or 1200rpm, as long as the command runs',
  auto: '[FAN]: gives it back to who decided before; without FAN, all',
  curve: 'FAN: by a temperature, as long as the command runs',
};

/** `hecate fan`. */
export const FAN: CommandDeclaration = {
  name: 'fan',
  summary: 'look at fans, and set them',
  description: `Shows who decides about each fan, and takes one in hand as long as the command runs. It goes back to its chip or firmware at the end, on Ctrl-C, and when the command is killed.

Actions:
${actionLines(ACTIONS)}

A speed is kept inside of the fan's own bounds. A temperature that is critical means full speed, whatever was asked for. Setting fans takes root.`,
  operands: [
    { name: 'action', help: 'what to do', choices: Object.keys(ACTIONS), fallback: 'status' },
    { name: 'words', help: 'the fan, by its name, its label or the end of its name; the speed', variadic: true },
  ],
  options: [
    { flags: '--for <time>', help: 'set, curve: gives the fan back after so long: 90s, 10m, 2h', kind: 'text' },
    { flags: '--sensor <name>', help: 'curve: the temperature that it follows', kind: 'text' },
    { flags: '--points <points>', help: 'curve: degrees and percent, rising: 40:20,60:50,80:100', kind: 'text' },
    {
      flags: '--critical <celsius>',
      help: 'curve: full speed from there on (default: what the sensor says, else 90)',
      kind: 'number',
      least: 30,
      most: 120,
    },
    {
      flags: '--hysteresis <degrees>',
      help: 'curve: how much cooler it must be before the fan slows down',
      kind: 'number',
      fallback: 3,
      least: 0,
      most: 30,
    },
    {
      flags: '--rate <percent>',
      help: 'curve: the most that the duty changes in a second',
      kind: 'number',
      fallback: 10,
      least: 0.1,
      most: 100,
    },
    { flags: '--allow-stop', help: 'set, curve: let a fan stand still of which the chip says that it may', kind: 'flag' },
    { flags: '--interval <seconds>', help: 'set, curve: time between two looks', kind: 'number', fallback: 2, least: 0.1, most: 10 },
    { flags: '--force', help: 'set, curve: also while another program sets fans', kind: 'flag' },
    ...TARGET_OPTIONS,
  ],
  examples: [
    ['hecate fan', 'every fan of this machine'],
    ['hecate fan set fan2 40%', 'until Ctrl-C'],
    ['hecate fan set "CPU fan" 1200rpm --for 10m', 'for ten minutes'],
    ['hecate fan curve fan2 --sensor Tctl --points 40:20,60:50,80:100', 'by the temperature of the processor'],
    ['hecate fan auto', 'all back as they were'],
  ],
};
