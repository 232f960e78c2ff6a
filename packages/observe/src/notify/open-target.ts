import type { Host } from '@hecate/host';
import { createDesktop } from './desktop.ts';
import { mailPlace } from './notify-settings.ts';
import type { NotifySettings, SmtpSettings } from './notify-settings.ts';
import type { Target } from './target.ts';
import { createNtfy, createWebhook } from './webhook.ts';

/** The way to who is told. */
export function openTarget(settings: NotifySettings, host: Host): Target {
  switch (settings.type) {
    case 'webhook':
      return createWebhook(settings);
    case 'ntfy':
      return createNtfy(settings);
    case 'smtp':
      return createLateSmtp(settings);
    case 'desktop':
      return createDesktop(host);
  }
}

/** The mail client is loaded with the first mail. */
function createLateSmtp(settings: SmtpSettings): Target {
  let target: Promise<Target> | undefined;
  return {
    place: mailPlace(settings),
    async send(message, signal) {
      target ??= import('./smtp.ts').then(({ createSmtp }) => createSmtp(settings));
      return (await target).send(message, signal);
    },
    close: async () => (await target)?.close(),
  };
}
