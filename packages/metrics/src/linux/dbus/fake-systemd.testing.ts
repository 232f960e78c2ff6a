import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A unit as the fake manager lists it. */
export interface FakeUnit {
  readonly name: string;
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  readonly type?: string;
  /** Numbers by the names of properties of its kind: `NRestarts`. */
  readonly numbers?: Readonly<Record<string, number>>;
}

/** What the fake manager says; read anew at each question. */
export interface FakeState {
  readonly version: string;
  readonly systemState: string;
  readonly units: readonly FakeUnit[];
  /** It takes ListUnits and never answers. */
  readonly silent?: boolean;
}

/** Why there can be no fake systemd here, or null. */
export function fakeMissing(): string | null {
  if (spawnSync('dbus-daemon', ['--version']).status !== 0) return 'dbus-daemon is not installed (apt-get install dbus-daemon)';
  const { status } = spawnSync('/usr/bin/python3', ['-c', 'from gi.repository import Gio']);
  return status === 0 ? null : 'python3-gi is not installed (apt-get install python3-gi)';
}

/** A manager that speaks D-Bus through GLib, which is not our code: on a bus under systemd's name, or on a socket of its own. */
const MANAGER = `
import json, sys
from gi.repository import Gio, GLib
mode, address, state_file = sys.argv[1:4]
state = lambda: json.load(open(state_file))
MANAGER = Gio.DBusNodeInfo.new_for_xml('<node><interface name="org.freedesktop.systemd1.Manager"><method name="ListUnits"><arg type="a(ssssssouso)" direction="out"/></method><property name="Version" type="s" access="read"/><property name="SystemState" type="s" access="read"/></interface></node>').interfaces[0]
def kind(name, properties):
    inner = ''.join('<property name="%s" type="%s" access="read"/>' % pair for pair in properties)
    return Gio.DBusNodeInfo.new_for_xml('<node><interface name="org.freedesktop.systemd1.%s">%s</interface></node>' % (name, inner)).interfaces[0]
KINDS = {
    'service': kind('Service', [('Type', 's'), ('NRestarts', 'u')]),
    'timer': kind('Timer', [('LastTriggerUSec', 't')]),
    'socket': kind('Socket', [('NAccepted', 'u'), ('NConnections', 'u')]),
}
PATH = '/org/freedesktop/systemd1'
def path_of(name):
    return PATH + '/unit/' + ''.join(c if c.isalnum() and ord(c) < 128 else '_%02x' % ord(c) for c in name)
def on_call(connection, sender, path, interface, method, parameters, invocation):
    now = state()
    if now.get('silent'): return
    rows = [(u['name'], 'Description of ' + u['name'], u['load'], u['active'], u['sub'], '', path_of(u['name']), 0, '', '/') for u in now['units']]
    invocation.return_value(GLib.Variant('(a(ssssssouso))', (rows,)))
def on_get(connection, sender, path, interface, name):
    now = state()
    if not interface.endswith('.Manager'):
        unit = next((u for u in now['units'] if path_of(u['name']) == path), {})
        if name == 'Type': return GLib.Variant('s', unit.get('type', ''))
        return GLib.Variant('t' if name == 'LastTriggerUSec' else 'u', unit.get('numbers', {}).get(name, 0))
    return GLib.Variant('s', now['version'] if name == 'Version' else now['systemState'])
def offer(connection):
    connection.register_object(PATH, MANAGER, on_call, on_get, None)
    for unit in state()['units']:
        kind = KINDS.get(unit['name'].rsplit('.', 1)[1])
        if kind: connection.register_object(path_of(unit['name']), kind, None, on_get, None)
if mode == 'peer':
    server = Gio.DBusServer.new_sync(address, Gio.DBusServerFlags.NONE, Gio.dbus_generate_guid(), None, None)
    kept = []
    server.connect('new-connection', lambda _, connection: (kept.append(connection), offer(connection), True)[2])
    server.start()
    print('ready', flush=True)
else:
    connection = Gio.DBusConnection.new_for_address_sync(address, Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION, None, None)
    offer(connection)
    connection.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'RequestName', GLib.Variant('(su)', ('org.freedesktop.systemd1', 0)), None, Gio.DBusCallFlags.NONE, -1, None)
    print('ready', flush=True)
GLib.MainLoop().run()
`;

/** Waits until a program printed something, or ended. */
function firstWords(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout!.once('data', () => resolve());
    child.once('exit', (status) => reject(new Error(`it ended with status ${status}`)));
    child.once('error', reject);
  });
}

/** A fake systemd behind a real bus, or behind a socket of its own. */
export interface FakeSystemd {
  readonly socket: { readonly path: string; readonly isBus: boolean };
  say(state: FakeState): void;
  /** Whether the empty bus started a manager. */
  wasStarted(): boolean;
  stop(): void;
}

/** Starts a bus of dbus-daemon with the fake manager on it, the manager alone, or an empty bus that would start a manager for whoever asks. */
export async function startFakeSystemd(mode: 'bus' | 'peer' | 'empty', first: FakeState): Promise<FakeSystemd> {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-dbus-'));
  const socket = path.join(directory, 'socket');
  const stateFile = path.join(directory, 'state.json');
  const say = (state: FakeState): void => writeFileSync(stateFile, JSON.stringify(state));
  const children: ChildProcess[] = [];
  const start = async (program: string, argv: readonly string[]): Promise<void> => {
    const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'ignore'], env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin' } });
    children.push(child);
    await firstWords(child);
  };
  const stop = (): void => {
    for (const child of children.reverse()) child.kill('SIGKILL');
    if (existsSync(directory)) rmSync(directory, { recursive: true });
  };
  say(first);
  try {
    if (mode !== 'peer') {
      const config = path.join(directory, 'bus.conf');
      writeFileSync(
        path.join(directory, 'systemd.service'),
        `[D-BUS Service]\nName=org.freedesktop.systemd1\nExec=/usr/bin/touch ${directory}/started\n`,
      );
      writeFileSync(
        config,
        `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=${socket}</listen><auth>EXTERNAL</auth><servicedir>${directory}</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
      );
      await start('dbus-daemon', [`--config-file=${config}`, '--nofork', '--nopidfile', '--print-address']);
    }
    if (mode !== 'empty') await start('/usr/bin/python3', ['-c', MANAGER, mode, `unix:path=${socket}`, stateFile]);
  } catch (error) {
    stop();
    throw error;
  }
  return { socket: { path: socket, isBus: mode !== 'peer' }, say, wasStarted: () => existsSync(path.join(directory, 'started')), stop };
}
