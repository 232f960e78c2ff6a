import type { Host } from '@hecate/host';
import { fibrechannelGroups } from '../domain/fibrechannel.ts';
import type { FibrechannelReading } from '../domain/fibrechannel.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { attributesOf, listMatching } from './attribute.ts';

const CLASS = '/sys/class/fc_host';

/** What a driver writes for a counter that it does not have (kernel: drivers/scsi/scsi_transport_fc.c): all bits. */
const NOT_KEPT = 2 ** 64 - 1;

function readPort(host: Host, device: string, gaps: GapSink): FibrechannelReading {
  const file = attributesOf(host, `${CLASS}/${device}`, `fibrechannel.${device}`, gaps);
  const say = (name: string): string | null => file.text(name) || null;
  const hex = (name: string): string | null => say(name)?.replace(/^0x/, '') ?? null;
  const count = (name: string): number | null => {
    const value = file.number(`statistics/${name}`);
    return value === null || value >= NOT_KEPT ? null : value;
  };
  return {
    device,
    portName: hex('port_name'),
    portId: hex('port_id'),
    portType: say('port_type'),
    portState: say('port_state'),
    fabricName: hex('fabric_name'),
    symbolicName: say('symbolic_name'),
    supportedClasses: say('supported_classes'),
    supportedSpeeds: say('supported_speeds'),
    speed: say('speed'),
    lossTimeout: say('dev_loss_tmo'),
    sinceReset: count('seconds_since_last_reset'),
    framesReceived: count('rx_frames'),
    framesSent: count('tx_frames'),
    wordsReceived: count('rx_words'),
    wordsSent: count('tx_words'),
    linkFailures: count('link_failure_count'),
    lostSignals: count('loss_of_signal_count'),
    lostSyncs: count('loss_of_sync_count'),
    badChecksums: count('invalid_crc_count'),
    badWords: count('invalid_tx_word_count'),
    errorFrames: count('error_frames'),
    dumpedFrames: count('dumped_frames'),
    abortedPackets: count('fcp_packet_aborts'),
    notOperational: count('nos_count'),
  };
}

/** Ports of Fibre Channel adapters. */
export const fibrechannel: Collector<'fibrechannel', readonly FibrechannelReading[]> = {
  name: 'fibrechannel',
  lane: 'slow',
  sources: [CLASS],
  remedy: 'Mount /sys.',
  groups: fibrechannelGroups,
  open: (host) => ({
    *read(gaps) {
      const readings: FibrechannelReading[] = [];
      for (const device of listMatching(host, CLASS, /^host\d+$/)) {
        readings.push(readPort(host, device, gaps));
        yield;
      }
      return readings;
    },
    close: () => {},
  }),
};
