import type { PushFormat } from '../push/format.ts';
import { createHttpTransport } from '../push/transport/http.ts';
import { textOf, titleOf } from './message.ts';
import type { Message } from './message.ts';
import type { NtfySettings, WebhookFormat, WebhookSettings } from './notify-settings.ts';
import type { Target } from './target.ts';

/** Most letters that Discord takes (its API: Create Message). */
const DISCORD_LONGEST = 2000;

/** Letters that Discord would read as markup stay letters. */
const withoutMarkup = (text: string): string => text.replaceAll(/[\\*_~`|>[\]()#@:-]/g, String.raw`\$&`);
/** The three letters that Slack reads as markup; a name cannot call the channel then. */
const withoutSigns = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What is posted, by format: data, so that no name can become more than a text. */
const BODIES: Readonly<Record<WebhookFormat, (message: Message) => unknown>> = {
  json: (message) => ({ version: 1, ...message, title: titleOf(message), text: textOf(message), alerts: message.alerts.map(flat) }),
  slack: (message) => ({ text: withoutSigns(`${titleOf(message)}\n${textOf(message)}`), mrkdwn: false }),
  discord: (message) => {
    const text = withoutMarkup(`${titleOf(message)}\n${textOf(message)}`);
    const content = text.length > DISCORD_LONGEST ? `${text.slice(0, DISCORD_LONGEST - 1).replace(/\\+$/, '')}…` : text;
    return { content, allowed_mentions: { parse: [] } };
  },
};

const flat = ({ alert, previous, lasted }: Message['alerts'][number]): object => ({ ...alert, previous, lasted });

/** Priorities of ntfy, 5 is the highest, and the emoji that its tags stand for. */
const NTFY: Readonly<Record<'critical' | 'warning' | 'null', readonly [priority: number, tag: string]>> = {
  critical: [5, 'rotating_light'],
  warning: [4, 'warning'],
  null: [3, 'white_check_mark'],
};

/** The transport wants a format of samples; a message is not made of one. */
const JSON_FORMAT: PushFormat = {
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
  encode: () => Buffer.alloc(0),
  join: (chunks) => Buffer.concat(chunks),
};

/** A target that gets JSON by POST. */
function createPostTarget(settings: WebhookSettings | NtfySettings, url: URL, bodyOf: (message: Message) => unknown): Target {
  const transport = createHttpTransport({ ...settings, url, gzip: false });
  return {
    // Who knows the path of a hook may post there, and who knows a topic may read it.
    place: url.origin,
    send: (message, signal) =>
      transport.send({ chunks: [Buffer.from(JSON.stringify(bodyOf(message)))], format: JSON_FORMAT, header: null, signal }),
    close: () => transport.close(),
  };
}

/** A webhook. */
export function createWebhook(settings: WebhookSettings): Target {
  return createPostTarget(settings, settings.url, BODIES[settings.format]);
}

/**
 * A topic of an ntfy server. It is published to as JSON at the root of the server (docs.ntfy.sh, "Publish as JSON"): title and tags
 * are values there, where as headers a name with a line break or of another script would need care.
 */
export function createNtfy(settings: NtfySettings): Target {
  const { topic, url } = settings;
  return createPostTarget(settings, url, (message) => {
    const [priority, tag] = NTFY[`${message.severity}`];
    return { topic, title: titleOf(message), message: textOf(message), priority, tags: [tag, 'hecate'] };
  });
}
