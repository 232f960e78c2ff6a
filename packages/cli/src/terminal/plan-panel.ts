import type { Conflict, Handlers, PreviewStep } from '@hecate/change';
import { createInk, drawPanel, fit, plainLine, widthOf, wrapWords } from '@hecate/observe';
import type { Ink, InkLine, Tone } from '@hecate/observe';
import type { HostProposal } from '../tune/host-proposal.ts';
import { describe } from './change-panels.ts';
import { stateText, turnText } from './state-text.ts';
import type { Terminal } from './terminal.ts';

/** Columns before what is said of a change. */
const INDENT = 4;

const RISKS = { live: '', restart: 'after a restart', reboot: 'after a reboot' } as const;

function said(ink: Ink, text: string, width: number, tone: Tone = 'plain'): InkLine[] {
  return wrapWords(text, width - INDENT).map((line) => ({
    text: ' '.repeat(INDENT) + ink.paint(line, tone),
    width: INDENT + widthOf(line),
  }));
}

/** What is changed and from what to what: on one line where it fits. */
function headLines(ink: Ink, name: string, turn: string, width: number): InkLine[] {
  const shown = fit(ink, name, Math.min(width, widthOf(name)));
  const used = widthOf(shown);
  if (used + 2 + widthOf(turn) <= width)
    return [{ text: `${ink.paint(shown, 'strong')}  ${ink.paint(turn, 'calm')}`, width: used + 2 + widthOf(turn) }];
  return [{ text: ink.paint(shown, 'strong'), width: used }, ...said(ink, turn, width, 'calm')];
}

/** What a change is judged with. */
interface Circumstances {
  readonly handlers: Handlers;
  readonly conflicts: readonly Conflict[];
  /** Of the plan: `profile server`. */
  readonly title: string;
}

/** One change: from what to what, why, where that is from, and what speaks against it. */
function changeLines(ink: Ink, step: PreviewStep, { handlers, conflicts, title }: Circumstances, width: number): InkLine[] {
  const { change, was, wanted, obstacle, sideEffect } = step;
  const name = describe(handlers, change.action);
  const turn = obstacle ? 'cannot be changed' : turnText(was, wanted, name);
  const risk = RISKS[change.risk];
  return [
    ...headLines(ink, name, risk === '' ? turn : `${turn}, ${risk}`, width),
    ...(obstacle ? said(ink, obstacle.sentence, width, 'bad') : []),
    ...said(ink, change.why, width),
    // The profile stands above all of them.
    ...said(ink, change.source.replace(`${title}: `, ''), width, 'dim'),
    ...(sideEffect === null ? [] : said(ink, `Beside that: ${sideEffect}`, width, 'warn')),
    ...conflicts
      .filter(({ action }) => action === change.action)
      .flatMap(({ sentence, hint }) => said(ink, `${sentence} ${hint}`, width, 'warn')),
  ];
}

/** A text of which the second line and those after it stand further in. */
function hanging(text: string, width: number): InkLine[] {
  const [first = '', ...more] = wrapWords(text, width - 2);
  return [plainLine(first), ...more.map((line) => plainLine(`  ${line}`))];
}

/** A whole proposal: what changes and why, what is so already, what is left out and why. */
export function planPanels(
  { classification, profile, plan, steps, skipped, conflicts }: HostProposal,
  handlers: Handlers,
  { width, ...look }: Terminal,
): string {
  const ink = createInk(look);
  const room = width - 4;
  const plain = (text: string): InkLine[] => wrapWords(text, room).map(plainLine);
  const changes = steps.filter(({ verdict }) => verdict !== 'same');
  const same = steps.filter(({ verdict }) => verdict === 'same');
  const chosen = classification
    ? [`It fits this machine (${Math.round(classification.confidence * 100)} % sure): ${classification.reasons.join(' ')}`]
    : [];
  const panels = [
    drawPanel(ink, `Profile ${profile.name}`, [profile.summary, ...chosen].flatMap(plain), width),
    changes.length === 0
      ? drawPanel(ink, 'Changes', plain('None: the machine is as the profile wants it.'), width)
      : drawPanel(
          ink,
          changes.length === 1 ? '1 change' : `${changes.length} changes`,
          changes.flatMap((step, index) => [
            ...(index > 0 ? [plainLine('')] : []),
            ...changeLines(ink, step, { handlers, conflicts, title: plan.title }, room),
          ]),
          width,
        ),
  ];
  if (same.length > 0) {
    const names = same.map(
      ({ change, was }) => `${describe(handlers, change.action)} ${stateText(was, describe(handlers, change.action))}`,
    );
    panels.push(drawPanel(ink, 'So already', plain(names.join('; ')), width));
  }
  if (skipped.length > 0) {
    const lines = skipped.flatMap(({ knob, why }) => hanging(`${knob}: ${why}`, room));
    panels.push(drawPanel(ink, 'Left out', lines, width));
  }
  return `${panels.flat().join('\n')}\n`;
}

/** The bare differences, a line each; nothing when there are none. */
export function diffLines({ steps }: Pick<HostProposal, 'steps'>, handlers: Handlers): string {
  return steps
    .filter(({ verdict }) => verdict !== 'same')
    .map(({ change, was, wanted, obstacle }) => {
      const name = describe(handlers, change.action);
      return `${name}: ${obstacle ? obstacle.sentence : turnText(was, wanted, name)}\n`;
    })
    .join('');
}
