import { messageOf } from '@hecate/host';
import type { Frame } from '../serve/hub.ts';
import type { PushInput } from './format.ts';
import { FORMATS } from './formats.ts';
import { openTransport } from './open-transport.ts';
import type { ExportSettings } from './push-settings.ts';
import type { Outcome } from './transport.ts';

/** What came of one sample for one target. */
export interface Trial {
  readonly name: string;
  /** Where to, without secrets. */
  readonly place: string;
  /** Bytes of the sample. */
  readonly bytes: number;
  readonly outcome: Outcome;
}

/** Sends one sample past every queue, and says what came of it. Never rejects. */
export async function tryExport(settings: ExportSettings, frame: Frame, platform: NodeJS.Platform): Promise<Trial> {
  const { name, target, include, exclude, labels } = settings;
  const format = FORMATS[settings.format];
  const input: PushInput = { frame, platform, include, exclude, labels };
  const transport = await openTransport(target);
  const { place } = transport;
  try {
    const chunk = format.encode(input);
    if (chunk.length === 0) {
      return { name, place, bytes: 0, outcome: { kind: 'refused', why: 'gets nothing: include and exclude leave no family' } };
    }
    const header = format.header?.(input) ?? null;
    const outcome = await transport.send({ chunks: [chunk], format, header, signal: new AbortController().signal });
    return { name, place, bytes: chunk.length, outcome };
  } catch (error) {
    return { name, place, bytes: 0, outcome: { kind: 'failed', why: `cannot be sent to: ${messageOf(error)}` } };
  } finally {
    await transport.close();
  }
}
