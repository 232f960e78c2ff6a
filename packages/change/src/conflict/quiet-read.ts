import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';

/** What `read` answers; `otherwise` where the system refuses: it is not there, is gone, or may not be read. What cannot be seen is no conflict. */
function quietly<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return otherwise;
  }
}

/** A file's text; empty when it cannot be read. */
export const textOrNone = (host: Host, file: string): string => quietly(() => host.readText(file), '');

/** The names in a directory; none when it cannot be read. */
export const namesOrNone = (host: Host, directory: string): string[] => quietly(() => host.list(directory), []);
