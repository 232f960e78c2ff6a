import { parsePlan } from '@hecate/change';
import type { Handlers, Plan } from '@hecate/change';
import { HecateError } from '@hecate/host';

/** What is written before the colon, with the name that the thing has in an action of that kind. */
const THINGS: Readonly<Record<string, string>> = { sysctl: 'key', sysfs: 'path' };

/** The plan of `--change sysctl:vm.swappiness=10`, given once or several times. Throws INVALID with a sentence that names the wrong one. */
export function parseChanges(texts: readonly string[], handlers: Handlers): Plan {
  const changes = texts.map((text) => {
    const [, kind = '', target, value] = /^([a-z]+):([^=]+)=(.*)$/s.exec(text) ?? [];
    const thing = Object.hasOwn(THINGS, kind) ? THINGS[kind] : undefined;
    if (thing === undefined || target === undefined || value === undefined) {
      throw new HecateError('INVALID', `${JSON.stringify(text)} is no change.`, {
        hint: 'Write sysctl:vm.swappiness=10 or sysfs:/sys/block/sda/queue/scheduler=none.',
      });
    }
    return { action: { kind, [thing]: target, value }, why: 'It was asked for.', source: 'the command line', risk: 'live' };
  });
  return parsePlan({ component: 'tune', title: texts.length === 1 ? `change ${texts[0]}` : `${texts.length} changes`, changes }, handlers);
}
