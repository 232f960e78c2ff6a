import path from 'node:path';
import { messageOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { Family } from '../export/families.ts';
import type { Frame, Hub } from '../serve/hub.ts';
import { encodeExportFamilies } from './export-status.ts';
import type { ExportStatus } from './export-status.ts';
import type { PushFormat, PushInput } from './format.ts';
import { FORMATS } from './formats.ts';
import { openTransport } from './open-transport.ts';
import type { ExportSettings } from './push-settings.ts';
import { createFleetingQueue } from './queue/fleeting-queue.ts';
import { openQueue } from './queue.ts';
import type { Queue } from './queue.ts';
import { startSender } from './sender.ts';
import type { Sender } from './sender.ts';
import type { Transport } from './transport.ts';

/** What pushing needs. */
export interface PushOptions {
  readonly hub: Hub;
  readonly platform: NodeJS.Platform;
  readonly exports: readonly ExportSettings[];
  /** The directory below which `queue/<name>-<format>` lies for each of them. */
  readonly stateDirectory: string;
  /** Gets a sentence for what a person should know. */
  readonly log: (sentence: string) => void;
  /** The machine we run on, whose process table decides whether another daemon holds a queue. Default: this one. */
  readonly host?: Host;
}

/** Exports that run. */
export interface Push {
  readonly status: () => readonly ExportStatus[];
  /** The same as metrics of the daemon itself. */
  readonly families: () => Iterable<Family>;
  /** Sends what it can in two seconds; the rest is on the disk for the next start. */
  close(): Promise<void>;
}

interface Running {
  readonly settings: ExportSettings;
  readonly format: PushFormat;
  readonly transport: Transport;
  readonly queue: Queue;
  readonly sender: Sender;
  /** The interval in which a sample was taken last. */
  slot: number | null;
  /** Samples that could not be encoded. */
  unencoded: number;
}

/** Milliseconds that the end may take. */
const FAREWELL = 2000;
/** Starts every export. Nothing that a target does or does not do disturbs the ticks, or the other exports. */
export async function startPush({ hub, platform, exports, stateDirectory, log, host }: PushOptions): Promise<Push> {
  const inputOf = ({ include, exclude, labels }: ExportSettings, frame: Frame): PushInput => ({
    frame,
    platform,
    include,
    exclude,
    labels,
  });

  const start = async (settings: ExportSettings): Promise<Running> => {
    const format = FORMATS[settings.format];
    const { name, target } = settings;
    const transport = await openTransport(target);
    const isFleeting = format.timeless === true || target.kind === 'udp' || target.kind === 'stdout';
    const queue = isFleeting
      ? createFleetingQueue(format.timeless ? 1 : 100)
      : openQueue({
          directory: path.join(stateDirectory, 'queue', `${name}-${settings.format}`),
          what: `samples for ${name}`,
          say: (sentence) => log(sentence),
          mostBytes: settings.queueBytes,
          ...(host ? { host } : {}),
        });
    let header: Buffer | null = null;
    const headerOf = (): Buffer | null => {
      if (header === null && format.header && hub.latest) header = format.header(inputOf(settings, hub.latest));
      return header;
    };
    const sender = startSender({ name, queue, format, transport, header: headerOf, say: log });
    return { settings, format, transport, queue, sender, slot: null, unencoded: 0 };
  };
  const running = await Promise.all(exports.map(start));

  const encode = (one: Running, frame: Frame): void => {
    try {
      one.queue.push(one.format.encode(inputOf(one.settings, frame)));
      one.sender.wake();
    } catch (error) {
      if (one.unencoded++ === 0) log(`Export ${one.settings.name}: a sample could not be put into words: ${messageOf(error)}`);
    }
  };

  const unsubscribe = hub.subscribe((frame) => {
    // The first has no rates: formats that send them would have nothing to say.
    if (frame.rates.elapsed === null) return;
    for (const one of running) {
      const slot = Math.floor(frame.snapshot.time / one.settings.every + 1e-6);
      if (slot === one.slot) continue;
      one.slot = slot;
      // Somebody looks at all of it now.
      hub.look();
      // After the others have had this tick, and one export at a time.
      setImmediate(encode, one, frame);
    }
  });

  const statusOf = ({ settings, transport, queue, sender, unencoded }: Running): ExportStatus => {
    const { records, bytes, dropped, damaged, error } = queue.status;
    const { sent, refused, errors, since, trouble } = sender.status;
    return {
      name: settings.name,
      type: settings.type,
      place: transport.place,
      queued: records,
      queuedBytes: bytes,
      sent,
      dropped: refused + dropped + damaged + unencoded,
      errors,
      lag: records === 0 || since === null ? 0 : Math.max(0, Date.now() / 1000 - since),
      trouble: trouble ?? error?.message ?? null,
    };
  };
  const status = (): ExportStatus[] => running.map(statusOf);

  return {
    status,
    families: () => encodeExportFamilies(status()),
    async close() {
      unsubscribe();
      await Promise.all(
        running.map(async ({ sender, queue }) => {
          await sender.close(FAREWELL);
          queue.close();
        }),
      );
    },
  };
}
