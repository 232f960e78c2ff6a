import { HecateError } from '@hecate/host';
import type { Darwin } from '../binding/darwin.ts';
import { mapArray } from '../core-foundation/array.ts';
import { createIntegers, createText } from '../core-foundation/create.ts';
import { openScope, withScope } from '../core-foundation/scope.ts';
import { readCfValue } from '../core-foundation/value.ts';

/** `kHIDPage_AppleVendor`, and its usage for temperatures: what the services of sensors are found by. */
const MATCHING = { PrimaryUsagePage: 0xff00, PrimaryUsage: 5 };
/** `kIOHIDEventTypeTemperature`; the field of its value is the type in the upper half. */
const TEMPERATURE = 15;
const VALUE = TEMPERATURE * 65_536;

/** A temperature sensor: its name, and what it says now in celsius; null for nothing. */
export interface HidTemperature {
  readonly name: string;
  readonly celsius: number | null;
}

/** The temperature sensors behind the HID event system. */
export interface HidTemperatures {
  read(): HidTemperature[];
  close(): void;
}

/** Names that several sensors share get a number each, from the second on. */
export function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} #${times}`;
  });
}

/**
 * Finds the sensors, once: their services are kept, and asked at each read. Throws UNSUPPORTED where this macOS has no such functions,
 * UNAVAILABLE where it gives no client.
 */
export function openHidTemperatures(darwin: Darwin): HidTemperatures {
  const { iokit } = darwin;
  const kept = openScope(darwin);
  try {
    const client = iokit.IOHIDEventSystemClientCreate(kept, 0n);
    if (client === 0n) throw new HecateError('UNAVAILABLE', 'The HID event system gives no client.');
    const services = withScope(darwin, (scope) => {
      iokit.IOHIDEventSystemClientSetMatching(client, createIntegers(darwin, scope, MATCHING));
      return iokit.IOHIDEventSystemClientCopyServices(kept, client);
    });
    const found = withScope(darwin, (scope) => {
      const product = createText(darwin, scope, 'Product');
      return mapArray(darwin, services, (service) => {
        const name = readCfValue(darwin, iokit.IOHIDServiceClientCopyProperty(scope, service, product));
        return { service, name: typeof name === 'string' && name !== '' ? name : 'unnamed' };
      });
    });
    const names = distinct(found.map(({ name }) => name));
    return {
      read: () =>
        found.map(({ service }, index) =>
          withScope(darwin, (scope) => {
            const event = iokit.IOHIDServiceClientCopyEvent(scope, service, TEMPERATURE, 0, 0);
            return { name: names[index]!, celsius: event === 0n ? null : iokit.IOHIDEventGetFloatValue(event, VALUE) };
          }),
        ),
      close: () => kept.close(),
    };
  } catch (error) {
    kept.close();
    throw error;
  }
}
