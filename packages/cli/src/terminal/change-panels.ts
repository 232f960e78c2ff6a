import { isSame, keyOf } from '@hecate/change';
import type { Handlers, Rollback, Step, Transaction, Verification } from '@hecate/change';
import { clean, createInk, drawPanel, drawTable, encodeDuration, plainLine, widthOf, wrapWords } from '@hecate/observe';
import type { Ink, InkLine, TableColumn, Tone } from '@hecate/observe';
import { stateText, turnText } from './state-text.ts';
import type { Terminal } from './terminal.ts';

/** Changes that have ended and are still listed; all of them are in the JSON. */
const MOST_ENDED = 10;

/** A moment as the clock on the wall has it. */
export function timeText(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Where a change is, for people. */
export function phaseText({ phase, deadline, lease, steps }: Transaction, now: number): string {
  switch (phase) {
    case 'applying':
      return 'being made';
    case 'unconfirmed':
      return deadline === null || deadline <= now ? 'not confirmed' : `goes back in ${encodeDuration(Math.ceil(deadline - now))}`;
    case 'active':
      return lease === null ? 'in force' : `in force for ${lease.pid}`;
    case 'undoing':
      return 'not undone wholly';
    case 'ended':
      return steps.some(({ state }) => state === 'inherited') ? 'replaced' : 'undone';
  }
}

const PHASE_TONES: Readonly<Record<Transaction['phase'], Tone>> = {
  applying: 'warn',
  unconfirmed: 'warn',
  active: 'good',
  undoing: 'bad',
  ended: 'dim',
};

const column = <Row>(head: string, text: (row: Row) => string, more: Partial<TableColumn<Row>> = {}): TableColumn<Row> => ({
  head,
  align: 'start',
  text: (row) => clean(text(row)),
  ...more,
});

/** Every change that holds something, and the latest that have ended. */
export function transactionList(transactions: readonly Transaction[], now: number, { width, ...look }: Terminal): string {
  const ink = createInk(look);
  const ended = transactions.filter(({ phase }) => phase === 'ended');
  const hidden = new Set(ended.slice(0, Math.max(0, ended.length - MOST_ENDED)));
  const columns: TableColumn<Transaction>[] = [
    column('change', ({ id }) => String(id), { align: 'end' }),
    column('what', ({ plan }) => plan.title),
    column('changes', ({ steps }) => String(steps.filter(({ state }) => state !== 'same').length), { align: 'end', leaves: 2 }),
    column('made', ({ began }) => timeText(began), { leaves: 1 }),
    column('now', (row) => phaseText(row, now), { paint: (text, { phase }) => ink.paint(text, PHASE_TONES[phase]) }),
  ];
  const rows = transactions.filter((one) => !hidden.has(one)).reverse();
  const more = hidden.size > 0 ? [plainLine(`and ${hidden.size} older: hecate changes list --format json`)] : [];
  const lines = rows.length === 0 ? [plainLine('hecate has changed nothing.')] : [...drawTable(ink, columns, rows, width - 4), ...more];
  return `${drawPanel(ink, 'Changes', lines, width).join('\n')}\n`;
}

const STEP_WORDS: Readonly<Record<Step['state'], readonly [word: string, tone: Tone]>> = {
  waiting: ['not reached', 'dim'],
  same: ['was so', 'dim'],
  begun: ['begun', 'warn'],
  done: ['set', 'good'],
  restored: ['restored', 'good'],
  drifted: ['left alone', 'warn'],
  expired: ['gone by reboot', 'dim'],
  lost: ['not there', 'warn'],
  inherited: ['passed on', 'dim'],
};

/** One change with all that it did. */
export function transactionPanel(transaction: Transaction, handlers: Handlers, now: number, { width, ...look }: Terminal): string {
  const ink = createInk(look);
  const { id, plan, steps, began, ended, pid, why, damaged } = transaction;
  const said = (text: string): InkLine[] => wrapWords(text, width - 4).map(plainLine);
  const lines = [
    ...said(
      `${timeText(began)} by process ${pid}. ${capital(phaseText(transaction, now))}${ended === null ? '' : `, ${timeText(ended)}`}.`,
    ),
    ...(why === null ? [] : said(why)),
    ...(damaged > 0 ? said(`${damaged} lines of its journal are damaged.`) : []),
    plainLine(''),
    ...fateLines(ink, steps.map(stepFate(handlers)), width - 4),
  ];
  return `${drawPanel(ink, `Change ${id}: ${plan.title}`, lines, width).join('\n')}\n`;
}

/** A thing, how it fared, and from what to what. */
interface ThingFate {
  readonly name: string;
  readonly word: string;
  readonly tone: Tone;
  /** Empty when there is nothing more to say. */
  readonly text: string;
}

/** How things fared: the word first, as they stand in one column; the name is never cut; what does not fit stands below it. */
function fateLines(ink: Ink, fates: readonly ThingFate[], room: number): InkLine[] {
  const start = Math.max(0, ...fates.map(({ word }) => word.length)) + 2;
  return fates.flatMap(({ name, word, tone, text }): InkLine[] => {
    const [first = '', ...others] = wrapWords(name, room - start);
    const begin = `${ink.paint(word, tone)}${' '.repeat(start - word.length)}`;
    const used = start + widthOf(first);
    if (others.length === 0 && used + 2 + widthOf(text) <= room) {
      const line = text === '' ? first : `${first}  ${text}`;
      return [{ text: begin + line, width: start + widthOf(line) }];
    }
    const indented = (line: string): InkLine => plainLine(`${' '.repeat(start)}${line}`);
    return [
      { text: begin + first, width: used },
      ...others.map(indented),
      ...wrapWords(text, room - start - 2).map((line) => indented(`  ${line}`)),
    ];
  });
}

const stepFate =
  (handlers: Handlers) =>
  ({ state, was, wanted, change }: Step): ThingFate => {
    const name = describe(handlers, change.action);
    const [word, tone] = STEP_WORDS[state];
    const turn = isTurn(state, was, wanted) ? turnText(was, wanted, name) : stateText(was, name);
    return { name: clean(name), word, tone, text: state === 'waiting' ? '' : clean(turn) };
  };

/** Whether there are two states to tell: what was so already has one. */
const isTurn = (state: Step['state'], was: Step['was'], wanted: Step['wanted']): boolean => state !== 'same' && !isSame(was, wanted);

/** What an action is about, for people. A kind that this version does not know is named by its data. */
export function describe(handlers: Handlers, action: Step['change']['action']): string {
  const handler = handlers.get(action.kind);
  return handler ? handler.describe(action) : `${action.kind} ${JSON.stringify(action)}`;
}

const VERDICT_TONES: Readonly<Record<Verification['verdict'], Tone>> = { kept: 'good', drifted: 'warn', expired: 'dim', gone: 'bad' };

/** How everything that changes hold is now. */
export function verificationPanel(found: readonly Verification[], handlers: Handlers, { width, ...look }: Terminal): string {
  const ink = createInk(look);
  const isOne = new Set(found.map(({ transaction }) => transaction.id)).size < 2;
  const fates = found.map(({ transaction, step, verdict, now, detail }): ThingFate => {
    const name = describe(handlers, step.change.action);
    const text = verdict === 'kept' ? stateText(now, name) : verdict === 'drifted' ? turnText(step.wanted, now, name) : (detail ?? '');
    return {
      name: clean(isOne ? name : `${name} (change ${transaction.id})`),
      word: verdict,
      tone: VERDICT_TONES[verdict],
      text: clean(text),
    };
  });
  const lines = found.length === 0 ? [plainLine('No change of hecate is in force.')] : fateLines(ink, fates, width - 4);
  return `${drawPanel(ink, 'In force', lines, width).join('\n')}\n`;
}

/** What a rollback did, in sentences: how much went back, and each thing that did not, with its reason. */
export function rollbackSentences({ transaction, failures }: Rollback, handlers: Handlers): string[] {
  const { id, plan, steps } = transaction;
  const count = (...states: readonly Step['state'][]): number => steps.filter(({ state }) => states.includes(state)).length;
  const restored = count('restored');
  const passed = count('inherited');
  const head = failures.length > 0 ? 'could not be undone wholly' : 'is undone';
  const parts = [
    `${restored} ${restored === 1 ? 'value' : 'values'} restored`,
    ...(passed > 0 ? [`${passed} passed on to a later change`] : []),
    ...(count('expired') > 0 ? [`${count('expired')} gone by a reboot`] : []),
  ];
  const failed = new Set(failures.map(({ step }) => keyOf(handlers, step.change.action)));
  return [
    `Change ${id} (${plan.title}) ${head}: ${parts.join(', ')}.`,
    ...failures.map(({ sentence }) => sentence),
    ...steps
      .filter(({ state, change }) => (state === 'drifted' || state === 'lost') && !failed.has(keyOf(handlers, change.action)))
      .map(({ state, found, change }) =>
        state === 'lost'
          ? `${describe(handlers, change.action)} is not there any more.`
          : `${describe(handlers, change.action)} was left alone: somebody has set it to ${stateText(found)} since.`,
      ),
  ];
}

/** With a large first letter, as a sentence begins. */
export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
