import { HecateError } from '@hecate/host';
import type { Analysis } from './analysis.ts';

/** Where to ask. */
export interface LlmOptions {
  /** The server's base (`http://127.0.0.1:11434`, `https://host/v1`) or the whole address of its chat completions. */
  readonly url: string;
  readonly model: string;
  /** Sent as a bearer token. */
  readonly apiKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Seconds. Default 60. */
  readonly timeout?: number | undefined;
}

/** An answer of more than this is not a description. */
const MOST_BYTES = 1024 * 1024;

const TASK = `You explain the load of one computer to its owner. You get statistics of its metrics over a period as JSON.
Units: percent is 0 to 100, bytes, seconds, watts, celsius. "gap" is p95 - p75, "headroom" is 100 - p95.
Write at most 12 short sentences in plain English: what the machine mostly does, what is short or close to it, what is idle, and what to look at next.
Use only the numbers given. Do not invent hardware, programs or causes.`;

/**
 * Asks an OpenAI-compatible server to describe the analysis, and returns its text. Sent are the statistics, sufficiency and
 * levels, and nothing else: no rows, no times, no host name. Throws INVALID for an address that is none, UNAVAILABLE when
 * the server does not answer in time, DENIED when it wants another key, FAILED when it answers with anything but a text.
 */
export async function describeWithLlm(analysis: Analysis, options: LlmOptions): Promise<string> {
  const address = chatAddress(options.url);
  const timeout = AbortSignal.timeout((options.timeout ?? 60) * 1000);
  const body = JSON.stringify({
    model: options.model,
    temperature: 0.2,
    stream: false,
    messages: [
      { role: 'system', content: TASK },
      { role: 'user', content: JSON.stringify(summaryNumbers(analysis)) },
    ],
  });
  let status: number;
  let text: string;
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {}) },
      body,
      // A redirect would carry the numbers, and the key, to another place than the one that was named.
      redirect: 'error',
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    });
    status = response.status;
    text = await readLimited(response, address.origin);
  } catch (error) {
    if (error instanceof HecateError) throw error;
    options.signal?.throwIfAborted();
    const why = timeout.aborted ? `did not answer within ${options.timeout ?? 60} s` : `cannot be reached`;
    throw new HecateError('UNAVAILABLE', `The model server ${address.origin} ${why}.`, {
      hint: 'Check --llm, or leave it out: the report does not need it.',
      cause: error,
    });
  }
  if (status === 401 || status === 403) {
    throw new HecateError('DENIED', `The model server ${address.origin} refused the key (HTTP ${status}).`, {
      hint: 'Set the API key that it expects.',
    });
  }
  if (status !== 200)
    throw new HecateError('FAILED', `The model server ${address.origin} answered HTTP ${status}: ${excerpt(text)}`, {
      hint: 'Check --llm and --llm-model.',
    });
  return readAnswer(text, address.origin);
}

/** What is sent: numbers rounded to four digits, which is what a description can use, and a tenth of the text. */
function summaryNumbers({ statistics, sufficiency, levels }: Analysis): object {
  const known = Object.entries(statistics).filter(([, { count }]) => count > 0);
  return round({
    statistics: Object.fromEntries(known),
    sufficiency: Object.fromEntries(
      Object.entries(sufficiency).map(([name, judged]) => [name, { ...judged, longestSaturatedStart: undefined }]),
    ),
    levels,
  }) as object;
}

function round(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(4));
  if (Array.isArray(value)) return value.map(round);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, round(item)]));
  return value;
}

function chatAddress(text: string): URL {
  const address = URL.canParse(text) ? new URL(text) : null;
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new HecateError('INVALID', `"${text}" is no address of a model server.`, { hint: 'Write for example http://127.0.0.1:11434.' });
  }
  const path = address.pathname.replace(/\/+$/, '');
  if (!path.endsWith('/chat/completions')) address.pathname = `${path.endsWith('/v1') ? path : `${path}/v1`}/chat/completions`;
  return address;
}

async function readLimited(response: Response, origin: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length;
    if (size > MOST_BYTES) throw new HecateError('FAILED', `The model server ${origin} answered with more than 1 MiB.`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readAnswer(text: string, origin: string): string {
  let content: unknown;
  try {
    const answer = JSON.parse(text) as { choices?: { message?: { content?: unknown } }[] } | null;
    content = answer?.choices?.[0]?.message?.content;
  } catch (error) {
    throw new HecateError('FAILED', `The model server ${origin} did not answer in JSON: ${excerpt(text)}`, { cause: error });
  }
  if (typeof content !== 'string' || content.trim() === '') {
    throw new HecateError('FAILED', `The model server ${origin} answered without a text.`, { hint: 'Check --llm-model.' });
  }
  // What a model says is shown in a terminal: nothing in it may move the cursor.
  return content.trim().replace(/[^\P{Cc}\n\t]|[\p{Cf}]/gu, '');
}

const excerpt = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').slice(0, 200);
