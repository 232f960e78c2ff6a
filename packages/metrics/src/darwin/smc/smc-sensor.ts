/** Where a temperature is from, as it is summed up. */
export type SmcZone = 'cpu' | 'gpu' | 'battery' | 'airflow' | 'storage' | 'memory' | 'board';

/** What a key of the system management controller measures. */
export interface SmcMeaning {
  readonly list: 'temperatures' | 'powers' | 'voltages' | 'currents';
  /** For people: `CPU hottest`, `GPU Tg05`. */
  readonly label: string;
  /** Of temperatures. */
  readonly zone?: SmcZone;
  /** The controller's own figure for a whole zone: with it the parts of the zone are not read. */
  readonly isWhole?: true;
}

type Rule = readonly [pattern: RegExp, zone: SmcZone, label: (name: string, number: string) => string, isWhole?: true];

const named =
  (text: string) =>
  (_name: string, number: string): string =>
    number === '' ? text : `${text} ${number}`;

/** Keys of both kinds of Macs. What is not known by its letters is left alone: names of most keys are nowhere written down. */
const EVERYWHERE: readonly Rule[] = [
  [/^TB(?<number>\d)T$/, 'battery', named('Battery')],
  [/^TaL[PC]$/, 'airflow', named('Airflow left')],
  [/^TaR[PFC]$/, 'airflow', named('Airflow right')],
  [/^TH(?<number>\d)[AabcxX]$/, 'storage', named('SSD')],
  [/^TW0P$/, 'board', named('Wi-Fi')],
  [/^T[Ss](?<number>[01])P$/, 'board', named('Palm rest')],
];

/**
 * Apple silicon. TCMb and TCMz are the controller's own average and highest of the CPU's die; on chips without them there is a key for each
 * place on it, whose letters say the kind of core (Tp, Te, Tf, on M5 Ts).
 */
const APPLE_SILICON: readonly Rule[] = [
  [/^TCMz$/, 'cpu', named('CPU hottest'), true],
  [/^TCMb$/, 'cpu', named('CPU average'), true],
  [/^T[pefs][\dA-Za-z]{2}$/, 'cpu', (name) => `CPU core ${name}`],
  [/^Tg[\dA-Za-z]{2}$/, 'gpu', (name) => `GPU ${name}`],
];

/** Intel. */
const INTEL: readonly Rule[] = [
  [/^TC(?<number>\d)[Cc]$/, 'cpu', named('CPU core')],
  [/^TC(?<number>\d)D$/, 'cpu', named('CPU die')],
  [/^TC(?<number>\d)P$/, 'cpu', named('CPU proximity')],
  [/^TCX[Cc]$/, 'cpu', named('CPU PECI')],
  [/^TCGC$/, 'gpu', named('GPU of the CPU')],
  [/^TG(?<number>\d)D$/, 'gpu', named('GPU die')],
  [/^TG(?<number>\d)P$/, 'gpu', named('GPU proximity')],
  [/^TA(?<number>\d)P$/, 'airflow', named('Ambient')],
  [/^TM(?<number>\d)P$/, 'memory', named('Memory proximity')],
  [/^TPCD$/, 'board', named('Platform controller')],
  [/^Th(?<number>\d)H$/, 'board', named('Heat pipe')],
];

const FIGURES: Readonly<Record<string, Pick<SmcMeaning, 'list' | 'label'>>> = {
  PSTR: { list: 'powers', label: 'System' },
  PDTR: { list: 'powers', label: 'DC in' },
  PPBR: { list: 'powers', label: 'Battery' },
  PCPC: { list: 'powers', label: 'CPU package' },
  PCPG: { list: 'powers', label: 'GPU of the CPU' },
  VD0R: { list: 'voltages', label: 'DC in' },
  ID0R: { list: 'currents', label: 'DC in' },
};

/** What a key measures; null for one that measures nothing that is read. */
export function meaningOf(name: string, isAppleSilicon: boolean): SmcMeaning | null {
  const figure = FIGURES[name];
  if (figure) return figure;
  for (const [pattern, zone, label, isWhole] of [...EVERYWHERE, ...(isAppleSilicon ? APPLE_SILICON : INTEL)]) {
    const match = pattern.exec(name);
    if (!match) continue;
    const number = match.groups?.['number'] ?? '';
    return { list: 'temperatures', zone, label: label(name, number), ...(isWhole ? { isWhole } : {}) };
  }
  return null;
}
