import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';

/** One port of a Fibre Channel adapter. Null: the driver does not say. */
export interface FibrechannelReading {
  /** Kernel name: `host0`. */
  readonly device: string;
  readonly portName: string | null;
  readonly portId: string | null;
  readonly portType: string | null;
  /** `Online`, `Linkdown`, ... */
  readonly portState: string | null;
  readonly fabricName: string | null;
  readonly symbolicName: string | null;
  readonly supportedClasses: string | null;
  readonly supportedSpeeds: string | null;
  /** As the driver writes it: `16 Gbit`. */
  readonly speed: string | null;
  /** Seconds after which a device that went away is given up, as the driver writes it. */
  readonly lossTimeout: string | null;
  /** Seconds since the counters began. */
  readonly sinceReset: number | null;
  readonly framesReceived: number | null;
  readonly framesSent: number | null;
  /** Words of four bytes. */
  readonly wordsReceived: number | null;
  readonly wordsSent: number | null;
  readonly linkFailures: number | null;
  readonly lostSignals: number | null;
  readonly lostSyncs: number | null;
  readonly badChecksums: number | null;
  readonly badWords: number | null;
  readonly errorFrames: number | null;
  readonly dumpedFrames: number | null;
  readonly abortedPackets: number | null;
  /** Times that the port was told not to operate. */
  readonly notOperational: number | null;
}

const SILENT = 'the driver does not say';
const text = (key: keyof FibrechannelReading & string, help: string): Field<FibrechannelReading> => ({
  key,
  kind: 'info',
  unit: 'none',
  help,
  nullWhen: SILENT,
});
const counter = (
  key: keyof FibrechannelReading & string,
  name: string,
  help: string,
  unit: 'count' | 'seconds' = 'count',
): Field<FibrechannelReading> => ({
  key,
  kind: 'counter',
  unit,
  help,
  nullWhen: SILENT,
  prometheus: { name: `node_fibrechannel_${name}_total` },
});

/** Fields of the `fibrechannel` collector. */
export const fibrechannelGroups = (): readonly Group<readonly FibrechannelReading[]>[] => [
  group<readonly FibrechannelReading[], FibrechannelReading>({
    name: 'fibrechannel',
    source: '/sys/class/fc_host',
    rows: (reading) => reading,
    labels: { fc_host: 'device' },
    fields: [
      {
        ...text('portState', 'State of the port: Online when it works.'),
        prometheus: {
          name: 'node_fibrechannel_info',
          help: 'What each port is.',
          value: () => 1,
          properties: {
            speed: 'speed',
            port_state: 'portState',
            port_type: 'portType',
            port_id: 'portId',
            port_name: 'portName',
            fabric_name: 'fabricName',
            symbolic_name: 'symbolicName',
            supported_classes: 'supportedClasses',
            supported_speeds: 'supportedSpeeds',
            dev_loss_tmo: 'lossTimeout',
          },
        },
      },
      text('speed', 'Speed of the link.'),
      text('portName', 'World wide name of the port.'),
      text('portId', 'Address of the port in the fabric.'),
      text('portType', 'Type of the port.'),
      text('fabricName', 'World wide name of the fabric.'),
      text('symbolicName', 'What the driver calls the port.'),
      text('supportedClasses', 'Classes of service.'),
      text('supportedSpeeds', 'Speeds that the port can have.'),
      text('lossTimeout', 'Seconds after which a device that went away is given up.'),
      counter('sinceReset', 'seconds_since_last_reset', 'Time since the counters began.', 'seconds'),
      counter('framesReceived', 'rx_frames', 'Frames received.'),
      counter('framesSent', 'tx_frames', 'Frames sent.'),
      counter('wordsReceived', 'rx_words', 'Words of four bytes received.'),
      counter('wordsSent', 'tx_words', 'Words of four bytes sent.'),
      counter('linkFailures', 'link_failure', 'Times that the link failed.'),
      counter('lostSignals', 'loss_of_signal', 'Times that the signal was lost.'),
      counter('lostSyncs', 'loss_of_sync', 'Times that the synchronisation was lost.'),
      counter('badChecksums', 'invalid_crc', 'Frames with a wrong checksum.'),
      counter('badWords', 'invalid_tx_words', 'Words that were none.'),
      counter('errorFrames', 'error_frames', 'Frames with errors.'),
      counter('dumpedFrames', 'dumped_frames', 'Frames that were thrown away.'),
      counter('abortedPackets', 'fcp_packet_aborts', 'SCSI packets that were aborted.'),
      counter('notOperational', 'nos', 'Times that the port was told not to operate.'),
    ],
  }),
];
