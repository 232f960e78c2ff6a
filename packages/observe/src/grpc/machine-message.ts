import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CpuUsage, HostReading, MemoryReading, PressureReading, ResourcePressure, Snapshot, Stall } from '@hecate/metrics';
import type { Frame } from '../serve/hub.ts';
import type { CpuSharesSchema, MachineSchema, SensorSchema } from './gen/hecate/v1/machine_pb.ts';
import { gpuMessages, thermalMessage } from './gpu-messages.ts';
import { known, whole, wholeKnown } from './number.ts';

type MachineInit = Exclude<MessageInitShape<typeof MachineSchema>, { readonly $typeName: string }>;
type SensorInit = MessageInitShape<typeof SensorSchema>;

/** The main readings of a frame, with their rates. */
export function machineMessage(frame: Frame): MachineInit {
  const { snapshot, rates } = frame;
  const { host, load, memory, pressure, filesystem, processes, gaps } = snapshot;
  return {
    host: host ? hostMessage(host) : undefined,
    cpu: cpuMessage({ snapshot, rates }),
    load: load ? { ...load, runnable: known(load.runnable), threads: known(load.threads) } : undefined,
    memory: memory ? memoryMessage(memory) : undefined,
    pressure: pressure ? pressureMessage(pressure) : undefined,
    disks: diskMessages({ snapshot, rates }),
    filesystems: (filesystem ?? []).map((row) => ({
      mountpoint: row.mountpoint,
      device: row.device,
      type: row.fstype,
      readOnly: row.readOnly,
      size: wholeKnown(row.size),
      used: wholeKnown(row.used),
      available: wholeKnown(row.available),
      files: wholeKnown(row.files),
      filesFree: wholeKnown(row.filesFree),
    })),
    networks: networkMessages({ snapshot, rates }),
    sensors: sensorMessages(snapshot),
    processes: processes?.length,
    gaps: [...gaps, ...rates.gaps].map(({ field, reason, detail }) => ({ field, reason, detail })),
    gpus: gpuMessages(frame),
    thermal: thermalMessage(snapshot.thermal?.apple),
  };
}

type Moment = Pick<Frame, 'snapshot' | 'rates'>;

function hostMessage(host: HostReading): MachineInit['host'] {
  return {
    hostname: known(host.hostname),
    system: host.system,
    release: known(host.release),
    machine: known(host.machine),
    osName: known(host.osName),
    bootId: known(host.bootId),
    uptime: known(host.uptime),
    cpuModel: known(host.cpuModel),
  };
}

function sharesMessage(shares: CpuUsage): MessageInitShape<typeof CpuSharesSchema> {
  const { usage, user, nice, system, idle, iowait, irq, softirq, steal } = shares;
  return { usage, user, nice, system, idle, iowait: known(iowait), irq: known(irq), softirq: known(softirq), steal: known(steal) };
}

function cpuMessage({ snapshot: { cpu }, rates }: Moment): MachineInit['cpu'] {
  if (!cpu) return undefined;
  const rate = rates.cpu;
  return {
    total: rate ? sharesMessage(rate) : undefined,
    cores: rate ? rate.cores.map((core) => ({ cpu: core.cpu, shares: sharesMessage(core) })) : cpu.cores.map((core) => ({ cpu: core.cpu })),
    contextSwitchesPerSecond: known(rate?.contextSwitchesPerSecond),
    interruptsPerSecond: known(rate?.interruptsPerSecond),
    forksPerSecond: known(rate?.forksPerSecond),
    bootTime: known(cpu.bootTime),
  };
}

function memoryMessage(memory: MemoryReading): MachineInit['memory'] {
  return {
    total: wholeKnown(memory.total),
    free: wholeKnown(memory.free),
    available: wholeKnown(memory.available),
    used: wholeKnown(memory.used),
    buffers: wholeKnown(memory.buffers),
    cached: wholeKnown(memory.cached),
    shared: wholeKnown(memory.shared),
    dirty: wholeKnown(memory.dirty),
    swapTotal: wholeKnown(memory.swapTotal),
    swapFree: wholeKnown(memory.swapFree),
    swapUsed: wholeKnown(memory.swapUsed),
  };
}

function pressureMessage({ cpu, io, memory, irq }: PressureReading): MachineInit['pressure'] {
  const stall = (given: Stall | null): Stall | undefined =>
    given ? { total: given.total, avg10: given.avg10, avg60: given.avg60, avg300: given.avg300 } : undefined;
  const waiting = (given: ResourcePressure | null): { some: Stall | undefined; full: Stall | undefined } | undefined =>
    given ? { some: stall(given.some), full: stall(given.full) } : undefined;
  return { cpu: waiting(cpu), io: waiting(io), memory: waiting(memory), irq: waiting(irq) };
}

function diskMessages({ snapshot: { disk }, rates }: Moment): NonNullable<MachineInit['disks']> {
  const rateOf = new Map(rates.disk?.devices.map((rate) => [rate.device, rate]));
  return (disk ?? []).map((row) => {
    const rate = rateOf.get(row.device);
    return {
      device: row.device,
      physical: row.physical,
      readBytes: whole(row.readBytes),
      writeBytes: whole(row.writeBytes),
      readBytesPerSecond: known(rate?.readBytesPerSecond),
      writeBytesPerSecond: known(rate?.writeBytesPerSecond),
      readsPerSecond: known(rate?.readsPerSecond),
      writesPerSecond: known(rate?.writesPerSecond),
      readLatency: known(rate?.readLatency),
      writeLatency: known(rate?.writeLatency),
      utilization: known(rate?.utilization),
    };
  });
}

function networkMessages({ snapshot: { network }, rates }: Moment): NonNullable<MachineInit['networks']> {
  const rateOf = new Map(rates.network?.devices.map((rate) => [rate.device, rate]));
  return (network ?? []).map((row) => {
    const rate = rateOf.get(row.device);
    return {
      device: row.device,
      physical: row.physical,
      receiveBytes: whole(row.receiveBytes),
      transmitBytes: whole(row.transmitBytes),
      receiveBytesPerSecond: known(rate?.receiveBytesPerSecond),
      transmitBytesPerSecond: known(rate?.transmitBytesPerSecond),
      receivePacketsPerSecond: known(rate?.receivePacketsPerSecond),
      transmitPacketsPerSecond: known(rate?.transmitPacketsPerSecond),
      errorsPerSecond: known(rate?.errorsPerSecond),
      dropsPerSecond: known(rate?.dropsPerSecond),
    };
  });
}

/** The sensors of the chips; where these measure no temperature, the thermal zones, which repeat them elsewhere. */
function sensorMessages({ sensors, thermal }: Pick<Snapshot, 'sensors' | 'thermal'>): SensorInit[] {
  const rows: SensorInit[] = [];
  for (const chip of sensors?.chips ?? []) {
    const lists = { temperature: chip.temperatures, fan: chip.fans, power: chip.powers, voltage: chip.voltages };
    for (const [kind, list] of Object.entries(lists)) {
      for (const { sensor, label, value } of list) {
        rows.push({ chip: chip.id, sensor, kind, label: known(label), value: known(value) });
      }
    }
  }
  if (rows.some(({ kind }) => kind === 'temperature')) return rows;
  for (const { zone, type, temperature } of thermal?.zones ?? []) {
    rows.push({ chip: `thermal_zone${zone}`, sensor: 'temp', kind: 'temperature', label: known(type), value: known(temperature) });
  }
  return rows;
}
