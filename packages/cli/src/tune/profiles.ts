import { classify, detect, listProfiles } from '@hecate/tune';
import { refuseSurplus } from '../changes/transaction-id.ts';
import { openTarget } from '../target.ts';
import { factLines } from '../terminal/fact-lines.ts';
import { createInk, drawPanel, plainLine, wrapWords } from '@hecate/observe';
import type { InkLine } from '@hecate/observe';
import { terminalOf } from '../terminal/terminal.ts';
import { refuseOtherSystems } from './host-proposal.ts';
import { profileDirectories } from './profile-directories.ts';
import { print } from '../terminal/print.ts';
import type { TuneRequest } from './request.ts';

/** `hecate tune detect`: what the machine is, which profile fits, and what speaks for others. */
export async function showFacts(request: TuneRequest): Promise<void> {
  refuseSurplus(request.words);
  const host = openTarget(request.root);
  refuseOtherSystems(host);
  const facts = await detect(host);
  const classification = classify(facts);
  print(request, { facts, classification }, () => {
    const { width, ...look } = terminalOf(process.stdout);
    const ink = createInk(look);
    const plain = (text: string): InkLine[] => wrapWords(text, width - 4).map(plainLine);
    const { profile, confidence, reasons, others } = classification;
    const verdict = [
      `${profile}, ${Math.round(confidence * 100)} % sure. ${reasons.join(' ')}`,
      ...others.map((other) => `Or ${other.profile}: ${other.reasons.join(' ')}`),
    ];
    return `${[
      ...drawPanel(ink, facts.hostname ?? 'This machine', factLines(facts).flatMap(plain), width),
      ...drawPanel(ink, 'Profile', verdict.flatMap(plain), width),
    ].join('\n')}\n`;
  });
}

/** `hecate tune profiles`: all that can be applied. */
export async function showProfiles(request: TuneRequest): Promise<void> {
  refuseSurplus(request.words);
  const found = listProfiles(profileDirectories());
  const data = found.map(({ name, file, profile, error }) => ({ name, file, profile, error: error?.message ?? null }));
  print(request, data, () => {
    const { width, ...look } = terminalOf(process.stdout);
    const ink = createInk(look);
    const indent = Math.max(0, ...found.map(({ name }) => name.length)) + 2;
    const lines = found.flatMap(({ name, profile, error }) =>
      wrapWords(profile?.summary ?? `It cannot be used. ${error?.message ?? ''}`, width - 4 - indent).map((line, index): InkLine => ({
        text: `${ink.paint((index === 0 ? name : '').padEnd(indent), 'strong')}${line}`,
        width: indent + plainLine(line).width,
      })),
    );
    return `${drawPanel(ink, 'Profiles', lines, width).join('\n')}\n`;
  });
}
