import { list } from './list.mjs';

/** What is easily taken for a battery's own, and is not. */
export const mutants = [
  ...list('battery/supplies.ts', [
    ['battery: minutes until it is empty are those until it is full', '(isCharging ? remaining : null)', 'remaining'],
    ['battery: minutes until it is full are those until it is empty', '(isCharging ? null : remaining)', 'remaining'],
  ]),
  ...list('power.ts', [
    ['power: nobody knows the source, without a reason', "if (sources?.providing === 'unknown')", "if (sources?.providing === 'battery')"],
  ]),
];
