import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { HecateError } from '@hecate/host';

/** The dashboard, ready to send. */
export interface Page {
  readonly html: Buffer;
  readonly gzip: Buffer;
  /** Content-Security-Policy that allows the page's own script and style, by hash, and nothing else. */
  readonly policy: string;
}

function hashes(html: string, tag: 'script' | 'style'): string {
  const blocks = html.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'g'));
  return [...blocks].map(([, body]) => `'sha256-${createHash('sha256').update(body!).digest('base64')}'`).join(' ');
}

/** Loads the built dashboard. Throws UNAVAILABLE when it was not built. */
export function loadPage(path: string): Page {
  let html: Buffer;
  try {
    html = readFileSync(path);
  } catch (error) {
    throw new HecateError('UNAVAILABLE', 'The dashboard page is not built.', {
      hint: 'Run npm run setup; the API works without it.',
      cause: error,
    });
  }
  const text = html.toString('utf8');
  const policy = [
    "default-src 'none'",
    `script-src ${hashes(text, 'script')}`,
    `style-src ${hashes(text, 'style')}`,
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { html, gzip: gzipSync(html), policy };
}
