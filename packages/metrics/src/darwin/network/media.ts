import { nativeBuffer } from '@hecate/host';
import { APPLE } from '../apple-numbers.ts';
import type { Darwin } from '../binding/darwin.ts';
import { MEDIA_REQUEST } from '../layout/interface.ts';
import { readField } from '../layout/layout.ts';
import { systemError } from '../libsystem/system-error.ts';

/** What the driver of an interface says of its link. Null: it does not say. */
export interface Media {
  readonly carrier: boolean | null;
  readonly duplex: 'full' | null;
}

const UNSAID: Media = { carrier: null, duplex: null };

/** Asks one interface through `socket`. Interfaces without a medium (loopback, tunnels) refuse: they say nothing. */
function askMedia(darwin: Darwin, socket: number, name: string): Media {
  const { size, fields, texts } = MEDIA_REQUEST;
  const request = nativeBuffer(size).fill(0);
  const [, at, room] = texts.name;
  // One byte is left for the NUL.
  request.write(name, at, room - 1);
  if (darwin.libsystem.ioctl(socket, APPLE.SIOCGIFXMEDIA, request) !== 0) return UNSAID;
  const status = readField(request, fields.status);
  if ((status & APPLE.IFM_AVALID) === 0) return UNSAID;
  const carrier = (status & APPLE.IFM_ACTIVE) !== 0;
  return { carrier, duplex: carrier && (readField(request, fields.active) & APPLE.IFM_FDX) !== 0 ? 'full' : null };
}

/** The links of interfaces, as ifconfig(8) asks for them: by a socket that is closed again. Throws what opening it says. */
export function readMedia(darwin: Darwin, names: readonly string[]): Map<string, Media> {
  const { libsystem, libraries } = darwin;
  const socket = libsystem.socket(APPLE.AF_INET, APPLE.SOCK_DGRAM, 0);
  if (socket < 0) throw systemError(libraries.errno(), 'socket');
  try {
    return new Map(names.map((name) => [name, askMedia(darwin, socket, name)]));
  } finally {
    libsystem.close(socket);
  }
}
