import { sentenceOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { SENT } from '../push/transport.ts';
import { textOf, titleOf } from './message.ts';
import type { Message } from './message.ts';
import type { Target } from './target.ts';

/** Servers of notifications read a little markup: letters of it stay letters (Desktop Notifications Specification, "Markup"). */
const withoutMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Runs with two arguments, which it shows and does not read as a script. */
const APPLE_SCRIPT = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run'];

/** The program and its arguments: texts come last, behind what ends options, and nothing of them is read as anything else. */
export function desktopCommand(message: Message, platform: NodeJS.Platform): readonly [string, ...string[]] {
  const title = titleOf(message);
  const text = textOf(message);
  if (platform === 'darwin') return ['osascript', ...APPLE_SCRIPT.flatMap((line) => ['-e', line]), '--', title, text];
  const urgency = message.severity === 'critical' ? 'critical' : 'normal';
  return ['notify-send', '--app-name=hecate', `--urgency=${urgency}`, '--', title, withoutMarkup(text)];
}

/** The desktop of the user that we run as. */
export function createDesktop(host: Host): Target {
  return {
    place: 'the desktop of this user',
    async send(message, signal) {
      try {
        const { status, stderr } = await host.run(desktopCommand(message, host.platform), { timeout: 10, signal });
        if (status === 0) return SENT;
        return { kind: 'failed', why: `shows nothing: ${stderr.trim().split('\n')[0] || `the program ended with ${status}`}` };
      } catch (error) {
        return { kind: 'failed', why: `shows nothing: ${sentenceOf(error)}`.replace(/\.$/, '') };
      }
    },
    close: () => undefined,
  };
}
