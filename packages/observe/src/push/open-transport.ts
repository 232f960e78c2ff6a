import type { ExportTarget } from './push-settings.ts';
import { createFileTransport } from './transport/file.ts';
import { createHttpTransport } from './transport/http.ts';
import { createStdoutTransport } from './transport/stdout.ts';
import { createTcpTransport } from './transport/tcp.ts';
import { createUdpTransport } from './transport/udp.ts';
import type { Transport } from './transport.ts';

/** The way to a target. The client of MQTT is large, and is loaded where one is configured. */
export async function openTransport(target: ExportTarget): Promise<Transport> {
  switch (target.kind) {
    case 'http':
      return createHttpTransport(target);
    case 'tcp':
      return createTcpTransport(target);
    case 'udp':
      return createUdpTransport(target);
    case 'mqtt': {
      const { createMqttTransport } = await import('./transport/mqtt.ts');
      return createMqttTransport(target);
    }
    case 'file':
      return createFileTransport(target);
    case 'stdout':
      return createStdoutTransport();
  }
}
