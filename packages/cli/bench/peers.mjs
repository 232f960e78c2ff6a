// Programs of Debian that also watch a machine once a second, as far as they are installed here.
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { findProgram, startProgram } from './daemon-process.mjs';

const EXPORTER_PORT = 19_100;

/** Asks once a second, as Prometheus would. Returns how to stop that. */
function scrape(url) {
  const timer = setInterval(() => {
    get(url, (response) => response.resume()).on('error', () => {
      // It has not opened its port yet, or it is being stopped; the caller sees whether it lives.
    });
  }, 1000);
  return () => clearInterval(timer);
}

function startExporter(program) {
  const peer = startProgram(program, [`--web.listen-address=127.0.0.1:${EXPORTER_PORT}`]);
  const stopScraping = scrape(`http://127.0.0.1:${EXPORTER_PORT}/metrics`);
  return {
    ...peer,
    stop: () => {
      stopScraping();
      return peer.stop();
    },
  };
}

function startCollectd(program, directory) {
  const plugins = ['cpu', 'load', 'memory', 'swap', 'disk', 'df', 'interface', 'processes', 'csv'];
  const config = path.join(directory, 'collectd.conf');
  const lines = [
    `BaseDir "${directory}"`,
    `PIDFile "${path.join(directory, 'collectd.pid')}"`,
    // Beside the program: it need not be installed in /usr.
    `PluginDir "${path.join(path.dirname(program), '..', 'lib', 'collectd')}"`,
    `TypesDB "${path.join(path.dirname(program), '..', 'share', 'collectd', 'types.db')}"`,
    'Interval 1',
    ...plugins.map((plugin) => `LoadPlugin ${plugin}`),
    `<Plugin csv>\n  DataDir "${path.join(directory, 'csv')}"\n</Plugin>`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  return startProgram(program, ['-f', '-C', config]);
}

/** The peers: what each does beside reading the machine, and how it is started with a directory of its own. */
const PEERS = [
  { program: 'prometheus-node-exporter', does: 'no processes; answers a scrape a second', start: startExporter },
  { program: 'top', does: 'all processes; writes the table to /dev/null', start: (program) => startProgram(program, ['-b', '-d1']) },
  { program: 'collectd', does: 'counts processes; writes CSV files', start: startCollectd },
  {
    program: 'atop',
    does: 'all processes; writes its log',
    start: (program, directory) => startProgram(program, ['-w', path.join(directory, 'log'), '1']),
  },
];

/** Starts the peers that are installed, as {name, does, pid, alive, stop}; says which are not. */
export function startPeers(directory) {
  return PEERS.flatMap(({ program, does, start }) => {
    const found = findProgram(program);
    if (found === null) {
      console.log(`SKIPPED: ${program} is not installed, so nothing is compared with it.`);
      return [];
    }
    const own = path.join(directory, program);
    mkdirSync(own);
    return [{ name: program, does, ...start(found, own) }];
  });
}
