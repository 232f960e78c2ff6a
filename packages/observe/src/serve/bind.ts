import type { AddressInfo, Server } from 'node:net';
import { errnoOf, HecateError } from '@hecate/host';

/** What a failed bind means to a user. */
function bindError(error: unknown, address: string, port: number, option: string): unknown {
  switch (errnoOf(error)) {
    case 'EADDRINUSE':
      return new HecateError('CONFLICT', `Port ${port} on ${address} is taken.`, {
        hint: `Is hecate running already? Choose another port with ${option}.`,
        cause: error,
      });
    case 'EACCES':
      return new HecateError('DENIED', `Port ${port} may not be bound by this user.`, {
        hint: `Choose a port above 1023 with ${option}.`,
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new HecateError('INVALID', `${address} is no address of this machine.`, {
        hint: 'Use 127.0.0.1, ::1, or the address of one of its interfaces with --host.',
        cause: error,
      });
    default:
      return error;
  }
}

/** Binds a server; `option` is what its port is given with. Rejects with CONFLICT when the port is taken, DENIED when it may not be bound, INVALID for a foreign address. */
export function bind(server: Server, address: string, port: number, option: string = '--port'): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(bindError(error, address, port, option)));
    server.listen(port, address, () => resolve(server.address() as AddressInfo));
  });
}
