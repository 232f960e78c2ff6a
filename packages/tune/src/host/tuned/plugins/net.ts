import { fileKnob } from './assignment.ts';
import { namedDevices, noDevices } from './devices.ts';
import { never, pluginOf } from './plugin.ts';
import type { PluginOutcome, PluginRequest, TunedPlugin } from './plugin.ts';

const ofInterfaces =
  (file: string) =>
  (request: PluginRequest): PluginOutcome => {
    const names = namedDevices(
      request,
      request.machine.facts.nics.map(({ name }) => name),
    );
    return names.length === 0
      ? noDevices(request, 'network interfaces')
      : names.map((name) => fileKnob(`/sys/class/net/${name}/${file}`, request.value));
  };

const NO_TOOL = never('It takes ethtool, and there is no knob for it.');

/** The plugin `net`: network interfaces and connection tracking. */
export const net: TunedPlugin = pluginOf('net', {
  nf_conntrack_hashsize: ({ value }) => [fileKnob('/sys/module/nf_conntrack/parameters/hashsize', value)],
  txqueuelen: ofInterfaces('tx_queue_len'),
  mtu: ofInterfaces('mtu'),
  wake_on_lan: NO_TOOL,
  features: NO_TOOL,
  coalesce: NO_TOOL,
  pause: NO_TOOL,
  ring: NO_TOOL,
  channels: NO_TOOL,
  dynamic: never('tuned moves it with the load while it runs; we set what stays.'),
});
