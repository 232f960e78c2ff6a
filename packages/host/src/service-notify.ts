import { closeSync } from 'node:fs';
import { nativeBuffer, openNative } from './native.ts';

/** From sys/socket.h: AF_UNIX, SOCK_DGRAM with SOCK_CLOEXEC, MSG_NOSIGNAL. */
const AF_UNIX = 1;
const DATAGRAM = 2 | 0o2000000;
const NO_SIGNAL = 0x4000;
/** Bytes of sun_path in `struct sockaddr_un` (unix(7)). */
const LONGEST_PATH = 108;

/** What a program tells the service manager of itself. */
export interface ServiceNotifier {
  /** That it works now. */
  ready(): void;
  /** That it ends now. */
  stopping(): void;
  /** Says that it lives, again and again, where the manager wants to hear that; a program that hangs does not, and is restarted. */
  keepAlive(signal: AbortSignal): void;
}

/**
 * The service manager that started this process and waits to hear of it: sd_notify(3), the protocol of systemd and others. Null
 * when none does: started by hand, or no Linux. A message that cannot be delivered is told to `onError`, once, and stops nothing.
 */
export function openServiceNotifier(
  onError: (error: unknown) => void,
  environment: NodeJS.ProcessEnv = process.env,
): ServiceNotifier | null {
  const { NOTIFY_SOCKET: place, WATCHDOG_USEC: watchdog, WATCHDOG_PID: meant } = environment;
  if (process.platform !== 'linux' || place === undefined || !/^[/@]./.test(place)) return null;
  let failed = false;
  const tell = (text: string): void => {
    if (failed) return;
    try {
      sendDatagram(place, text);
    } catch (error) {
      failed = true;
      onError(error);
    }
  };
  return {
    ready: () => tell(`READY=1\nMAINPID=${process.pid}`),
    stopping: () => tell('STOPPING=1'),
    keepAlive(signal) {
      const microseconds = Number(watchdog);
      if (!(microseconds > 0) || (meant !== undefined && meant !== String(process.pid))) return;
      // Twice within the time, as sd_watchdog_enabled(3) advises.
      const timer = setInterval(() => tell('WATCHDOG=1'), microseconds / 2000);
      timer.unref();
      signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    },
  };
}

/** Node has stream sockets of this family only. A leading `@` stands for the zero byte of an abstract address. */
function sendDatagram(place: string, text: string): void {
  const native = openNative();
  const name = Buffer.from(place.startsWith('@') ? `\0${place.slice(1)}` : place);
  if (name.length >= LONGEST_PATH) throw new Error(`NOTIFY_SOCKET is too long: ${place}`);
  const address = nativeBuffer(2 + name.length);
  address.writeUInt16LE(AF_UNIX, 0);
  name.copy(address, 2);
  const message = nativeBuffer(Buffer.byteLength(text));
  message.write(text);
  const socket = native.syscall('socket', AF_UNIX, DATAGRAM, 0);
  try {
    native.syscall('sendto', socket, message, message.length, NO_SIGNAL, address, address.length);
  } finally {
    closeSync(socket);
  }
}
