import { expect, test } from 'vitest';
import { parseServeSettings } from './serve-settings.ts';

test('the defaults are the careful ones', () => {
  expect(parseServeSettings(undefined, 'x')).toEqual({
    address: '127.0.0.1',
    port: 9095,
    grpcPort: null,
    names: [],
    token: false,
    act: false,
    tls: null,
    connections: 1024,
    streamClients: 1000,
    user: null,
    sandbox: null,
    writable: [],
  });
});

test('all of it', () => {
  const raw = {
    address: '::',
    port: 0,
    grpc_port: 50_051,
    names: ['box.lan', '192.0.2.7', 'fe80::1'],
    token: true,
    act: true,
    tls_cert: '/c',
    tls_key: '/k',
    connections: 5,
    stream_clients: 6,
    user: 'hecate',
    sandbox: false,
    writable: ['/srv'],
  };
  const { grpc_port, tls_cert, tls_key, stream_clients, ...same } = raw;
  expect(parseServeSettings(raw, 'x')).toEqual({
    ...same,
    grpcPort: grpc_port,
    tls: { certificate: tls_cert, key: tls_key },
    streamClients: stream_clients,
  });
});

test.each([
  [{ port: 65_536 }, 'x: port must be a port from 0 to 65535.'],
  [{ grpc_port: -1 }, 'x: grpc_port must be a port from 0 to 65535.'],
  [{ port: '80' }, 'x: port must be a port from 0 to 65535.'],
  [{ names: ['box.lan:80'] }, 'x: names 1 must be names or addresses of hosts, without port.'],
  [{ names: ['*'] }, 'x: names 1 must be names or addresses of hosts, without port.'],
  [{ names: ['http://box'] }, 'x: names 1 must be names or addresses of hosts, without port.'],
  [{ tls_cert: '/c' }, 'x must have tls_cert and tls_key, or neither.'],
  [{ tls_cert: 'c', tls_key: '/k' }, 'x: tls_cert must be an absolute path.'],
  [{ writable: ['srv'] }, 'x: writable 1 must be absolute paths.'],
  [{ user: 'a b' }, 'x: user must be the name or the number of a user.'],
  [{ connections: 0 }, 'x: connections must be a number from 1 to 100000.'],
  [{ act: 'yes' }, 'x: act must be true or false, not "yes".'],
  [{ password: 'x' }, 'x: there is no setting "password".'],
])('%j is refused: %s', (raw, sentence) => {
  expect(() => parseServeSettings(raw, 'x')).toThrow(expect.objectContaining({ code: 'INVALID', message: sentence }));
});
