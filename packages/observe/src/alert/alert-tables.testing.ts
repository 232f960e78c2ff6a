import { COLUMN_INDEX } from '../record/columns.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { SUBJECTS } from './subject/index.ts';
import { MACHINE } from './subject/machine.ts';

const code = (text: string | undefined): string => (text === undefined ? '' : `\`${text}\``);
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
    .replaceAll('| --- |', '|---|')
    .replaceAll(' --- |', '---|');

/** The tables of docs/alerts.md, by the name of their marks: made from what the daemon judges by. */
export const ALERT_TABLES: Readonly<Record<string, string>> = {
  subjects: table(
    ['object', 'reading', 'unit', 'is'],
    [...SUBJECTS].flatMap(([name, { readings }]) =>
      Object.entries(readings).map(([key, { unit, help }], index) => [index === 0 ? code(`${name}.*`) : '', code(key), unit, help]),
    ),
  ),
  machine: table(
    ['reading', 'unit', 'is'],
    [...MACHINE].filter(([name]) => !COLUMN_INDEX.has(name)).map(([name, { unit, help }]) => [code(name), unit, help]),
  ),
  rules: table(
    ['rule', 'judges', 'warning', 'critical', 'why'],
    DEFAULT_RULES.map(({ rule, why }) => {
      const over = rule.over === undefined ? '' : `, ${rule.function} of ${rule.over}`;
      const hold = rule.for === undefined ? '' : `, for ${rule.for}`;
      const bound = (raise: string | undefined, clear: string | undefined): string =>
        raise === undefined ? '' : `${code(raise)}${clear === undefined ? '' : `, over at ${code(clear)}`}`;
      return [
        code(rule.name) + (rule.quiet ? ' (quiet)' : ''),
        `${code(rule.what)}${over}${hold}`,
        bound(rule.warning, rule.clear_warning),
        bound(rule.critical, rule.clear_critical),
        why,
      ];
    }),
  ),
};
