import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from './page.ts';
import { answer } from './reply.ts';

let loaded: { readonly path: string; readonly page: Page } | undefined;

/** Sends the dashboard, zipped to those who take it so. Rejects with UNAVAILABLE when it was not built. */
export async function sendPage(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  // Loaded with the first request for it: a daemon that is only scraped has no page in its memory.
  if (loaded?.path !== path) loaded = { path, page: (await import('./page.ts')).loadPage(path) };
  const { html, gzip, policy } = loaded.page;
  const zipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  answer(response, 200, 'text/html; charset=utf-8', zipped ? gzip : html, {
    'Content-Security-Policy': policy,
    Vary: 'Accept-Encoding',
    ...(zipped ? { 'Content-Encoding': 'gzip' } : {}),
  });
}
