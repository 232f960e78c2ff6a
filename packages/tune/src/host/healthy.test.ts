import { beforeAll, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import {
  linuxCpu,
  linuxFrequency,
  linuxMemory,
  linuxNetwork,
  linuxPaging,
  linuxPressure,
  linuxThermal,
  openMachineOf,
} from '@hecate/metrics';
import type { NetworkReading, Snapshot } from '@hecate/metrics';
import { healthy } from './healthy.ts';

let real: Snapshot;
beforeAll(async () => {
  using machine = openMachineOf(
    [linuxCpu, linuxFrequency, linuxMemory, linuxNetwork, linuxPaging, linuxPressure, linuxThermal],
    openHost(),
  );
  real = await machine.snapshot();
});

/** What of a snapshot differs from the real one. */
type Part = (snapshot: Snapshot) => Partial<Snapshot>;
type Case = readonly [what: string, before: Part, after: Part, reason: RegExp | null];

const GIB = 2 ** 30;
const kills =
  (oomKills: number | null): Part =>
  ({ paging }) => ({ paging: { ...paging!, oomKills } });
const memory =
  (available: number | null): Part =>
  ({ memory: reading }) => ({ memory: { ...reading!, total: 100 * GIB, available } });
const stall =
  (resource: 'memory' | 'io', avg10: number): Part =>
  ({ pressure }) => ({
    pressure: {
      cpu: null,
      irq: null,
      io: null,
      memory: null,
      ...pressure,
      [resource]: { some: null, full: { total: 1, avg10, avg60: 0, avg300: 0 } },
    },
  });
const blocked =
  (procsBlocked: number, cpus: number): Part =>
  ({ cpu }) => ({
    cpu: { ...cpu!, procsBlocked, cores: Array.from({ length: cpus }, (_, number) => ({ ...cpu!.total, cpu: number })) },
  });
const interfaceOf = (packets: number, errors: number, index = 2, physical = true): NetworkReading => ({
  device: 'eth0',
  index,
  physical,
  receiveBytes: 0,
  receivePackets: packets,
  receiveErrors: errors,
  receiveDrops: 0,
  receiveFifo: 0,
  receiveFrame: 0,
  receiveCompressed: 0,
  receiveMulticast: 0,
  transmitBytes: 0,
  transmitPackets: 0,
  transmitErrors: 0,
  transmitDrops: 0,
  transmitFifo: 0,
  transmitCollisions: 0,
  transmitCarrier: 0,
  transmitCompressed: 0,
});
const network =
  (...rows: readonly NetworkReading[]): Part =>
  () => ({ network: rows });
const throttles =
  (count: number): Part =>
  () => ({
    thermal: null,
    frequency: {
      policies: [],
      clocks: [],
      boost: null,
      coreThrottles: [{ package: 0, core: 0, throttles: count, duration: null }],
      packageThrottles: [],
    },
  });
const zone =
  (temperature: number): Part =>
  () => ({
    frequency: null,
    thermal: {
      coolingDevices: [],
      zones: [
        {
          zone: 0,
          type: 'cpu',
          temperature,
          enabled: true,
          policy: null,
          tripPoints: [{ trip: 0, type: 'passive', temperature: 90, hysteresis: 2 }],
        },
      ],
    },
  });
const same: Part = () => ({});

const CASES: readonly Case[] = [
  ['nothing changed', same, same, null],
  ['a process was killed for memory', kills(3), kills(4), /kill a process/],
  ['the machine was started anew', kills(3), kills(0), null],
  ['the kernel does not count kills', kills(null), kills(5), null],
  ['memory runs out', memory(20 * GIB), memory(GIB), /memory is left/],
  ['memory was nearly out before', memory(1.5 * GIB), memory(GIB), null],
  ['half of the memory went', memory(40 * GIB), memory(15 * GIB), null],
  ['memory is not known', memory(null), memory(GIB), null],
  ['everything waits for memory', stall('memory', 0.1), stall('memory', 0.5), /waits for memory/],
  ['everything waits for storage', stall('io', 0), stall('io', 0.41), /waits for storage/],
  ['everything waited before', stall('io', 0.3), stall('io', 0.5), null],
  ['some wait', stall('io', 0), stall('io', 0.4), null],
  ['many threads are blocked', blocked(2, 4), blocked(9, 4), /blocked/],
  ['many threads are blocked on a large machine', blocked(2, 64), blocked(100, 64), null],
  ['as many threads were blocked before', blocked(8, 2), blocked(20, 2), null],
  ['packets are lost', network(interfaceOf(1e6, 10)), network(interfaceOf(1.01e6, 510)), /loses more than 1 %/],
  ['a few packets are lost', network(interfaceOf(1e6, 10)), network(interfaceOf(1.001e6, 100)), null],
  ['packets were lost before', network(interfaceOf(1e6, 50_000)), network(interfaceOf(1.01e6, 50_510)), null],
  ['packets are lost in a bridge', network(interfaceOf(1e6, 10, 2, false)), network(interfaceOf(1.01e6, 510, 2, false)), null],
  [
    'drops that one reading tells',
    network({ ...interfaceOf(1e6, 10), receiveDrops: null }),
    network({ ...interfaceOf(1.01e6, 10), receiveDrops: 5000 }),
    null,
  ],
  [
    'packets are lost, and drops not told',
    network({ ...interfaceOf(1e6, 10), receiveDrops: null }),
    network({ ...interfaceOf(1.01e6, 510), receiveDrops: null }),
    /loses more than 1 %/,
  ],
  ['another interface came', network(interfaceOf(1e6, 10, 2)), network(interfaceOf(1.01e6, 5100, 3)), null],
  ['heat slows it down', throttles(0), throttles(2), /because it is hot/],
  ['heat slowed it down before', throttles(7), throttles(9), null],
  ['a zone got hot', zone(60), zone(91), /because it is hot/],
  ['a zone was hot', zone(92), zone(91), null],
];

test.runIf(process.platform === 'linux').each(CASES)('%s', (_what, before, after, reason) => {
  const verdict = healthy({ ...real, ...before(real) }, { ...real, ...after(real) });
  expect(verdict.healthy).toBe(reason === null);
  if (reason === null) expect(verdict.reason).toBeNull();
  else expect(verdict.reason).toMatch(reason);
});

test('snapshots without readings say nothing bad', () => {
  const nothing = { ...real, cpu: null, memory: null, pressure: null, paging: null, network: null, thermal: null, frequency: null };
  expect(healthy(nothing, real)).toEqual({ healthy: true, reason: null });
  expect(healthy(real, nothing)).toEqual({ healthy: true, reason: null });
});
