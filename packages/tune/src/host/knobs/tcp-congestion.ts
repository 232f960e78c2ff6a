import type { Action } from '@hecate/change';
import type { Look } from '../detect/look.ts';
import type { HostFacts } from '../facts.ts';
import { optional, text } from '../rule.ts';
import { preferencesOf } from '../value.ts';
import { preferred, setSysctl, skips, textOption } from './knob.ts';
import type { Knob } from './knob.ts';

const NAME = /^[a-z0-9_]{2,15}$/;

/** Whether a module lies beside the kernel that runs, compressed or not. */
function isModule(directory: string, name: string, { kernel }: HostFacts, look: Look | null): boolean {
  const pattern = new RegExp(`^${name}\\.ko(?:\\.(?:gz|xz|zst))?$`);
  return look !== null && look.names(`/lib/modules/${kernel.release}/kernel/${directory}`, pattern).length > 0;
}

/** How fast TCP sends: Documentation/networking/ip-sysctl.rst, `tcp_congestion_control`. */
export const tcpCongestion: Knob = {
  name: 'tcp-congestion',
  help: 'The algorithm that decides how fast TCP sends, and the queue that suits it.',
  options: { qdisc: optional(text('the name of a queue such as "fq"', NAME)) },
  value: preferred(text('the name of an algorithm such as "bbr"', NAME)),
  subject: () => '',
  plan({ entry, facts, look }) {
    const isReady = (name: string): boolean => facts.kernel.congestionControls.includes(name);
    const wishes = preferencesOf(entry.value).map(String);
    const chosen = wishes.find((name) => isReady(name) || isModule('net/ipv4', `tcp_${name}`, facts, look));
    if (chosen === undefined) return skips(`This kernel has none of ${wishes.join(', ')}.`);
    const actions: Action[] = isReady(chosen) ? [] : [{ kind: 'module', module: `tcp_${chosen}`, loaded: true }];
    actions.push(setSysctl('net.ipv4.tcp_congestion_control', chosen));
    if (entry.options['qdisc'] === undefined) return { actions, skipped: [] };
    const qdisc = textOption(entry, 'qdisc');
    // A queue that is built in cannot be told from one that is missing, unless it is chosen now.
    const isOffered = look?.text('/proc/sys/net/core/default_qdisc') === qdisc || isModule('net/sched', `sch_${qdisc}`, facts, look);
    if (!isOffered) return { actions, skipped: [`Whether this kernel has the queue ${qdisc} is not known.`] };
    return { actions: [...actions, setSysctl('net.core.default_qdisc', qdisc)], skipped: [] };
  },
};
