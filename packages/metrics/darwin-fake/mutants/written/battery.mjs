import { list } from './list.mjs';

/** What is easily taken for a battery's own, and is not. */
export const mutants = [
  ...list('battery/supplies.ts', [
    ['the adapter is left out', '...(adapter ? [adapter] : [])', ''],
    ['battery: minutes until it is empty are those until it is full', '(isCharging ? remaining : null)', 'remaining'],
    ['battery: minutes until it is full are those until it is empty', '(isCharging ? null : remaining)', 'remaining'],
    ['the power sources are asked of an adapter that is not connected', 'isConnected && numberAt', 'numberAt'],
    ['what the power sources say of the adapter is not taken', '{ ...seen, ...askAdapter() }', 'seen'],
  ]),
  ...list('power.ts', [
    ['power: the power sources are not asked for the adapter', "ask(gaps, 'power.supplies', () => readAdapter(darwin))", 'null'],
    ['power: nobody knows the source, without a reason', "if (sources?.providing === 'unknown')", "if (sources?.providing === 'battery')"],
  ]),
];
