import type { Analysis } from '../analysis.ts';
import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';
import { resourceMetrics } from '../report-choice.ts';
import { encodeCount, encodeDuration } from '../unit.ts';
import { fitText, textWidth, wrapText } from './figure-text.ts';
import type { FigureTheme } from './figure-theme.ts';
import { metricTitle } from './metric-title.ts';
import { label } from './panel.ts';
import type { Panel } from './panel.ts';

/** Verdicts that are shown as words with a colour, at most. */
const MOST_VERDICTS = 6;

/** The period in words: one day, or the first and the last. */
export function spanText({ period: { startDate, endDate } }: Analysis): string {
  return startDate === endDate ? startDate : `${startDate} to ${endDate}`;
}

/** What was analysed, and what came of it. */
export function drawHead(analysis: Analysis, theme: FigureTheme, title: string, width: number): Panel {
  const { period, summary } = analysis;
  const facts = [
    spanText(analysis),
    period.days.length === 1 ? 'one day' : `${period.days.length} days`,
    `${encodeCount(period.rows)} rows, one every ${encodeDuration(period.intervalSeconds)}`,
  ].join(' · ');
  const lines = wrapText(summary.headline, 15, width, 2);
  const parts: Markup[] = [
    markup`<path d="M0 4v34" stroke="${theme.accent}" stroke-width="5" stroke-linecap="round" fill="none"/>`,
    ...(title === '' ? [] : [label(20, 26, fitText(title, 28, width - 140), { size: 28, colour: theme.text })]),
    label(width, 24, 'hecate', { size: 16, colour: theme.accent, anchor: 'end' }),
    label(20, 50, fitText(facts, 13, width - 40), { size: 13, colour: theme.dim }),
    ...lines.map((line, index) => label(0, 86 + index * 22, line, { size: 15, colour: theme.text })),
  ];
  const below = 86 + lines.length * 22;
  const pills = drawVerdicts(analysis, theme, width, below - 6);
  return { height: pills.length > 0 ? below + 38 : below, body: markup`${parts}${pills}` };
}

/** Whether the resources suffice: a word each. Those that do not come first. */
function drawVerdicts({ sufficiency, ...rest }: Analysis, theme: FigureTheme, width: number, y: number): Markup[] {
  const order = ['short', 'tight', 'enough', 'ample'];
  const names = resourceMetrics({ sufficiency, ...rest })
    .filter((name) => sufficiency[name] !== undefined)
    .toSorted((a, b) => order.indexOf(sufficiency[a]?.verdict ?? '') - order.indexOf(sufficiency[b]?.verdict ?? ''));
  const pills: Markup[] = [];
  let x = 0;
  for (const name of names.slice(0, MOST_VERDICTS)) {
    const verdict = sufficiency[name]?.verdict ?? 'ample';
    const colour = verdict === 'short' ? theme.bad : verdict === 'tight' ? theme.warn : theme.good;
    const text = fitText(`${metricTitle(name)}: ${verdict}`, 13, 320);
    const wide = textWidth(text, 13) + 36;
    if (x + wide > width) break;
    pills.push(
      markup`<rect x="${x + 0.5}" y="${y + 0.5}" width="${Math.round(wide)}" height="28" rx="14" fill="${colour}" fill-opacity="0.12" stroke="${colour}" stroke-opacity="0.7"/><circle cx="${x + 16}" cy="${y + 14.5}" r="4" fill="${colour}"/>${label(x + 27, y + 19, text, { size: 13, colour: theme.text })}`,
    );
    x += Math.round(wide) + 10;
  }
  return pills;
}
