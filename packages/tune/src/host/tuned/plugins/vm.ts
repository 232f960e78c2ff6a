import { pluginOf } from './plugin.ts';
import type { PluginRequest, TunedPlugin } from './plugin.ts';

function hugepageMode({ value, machine }: PluginRequest): ReturnType<TunedPlugin['knobs']> {
  if (/(?:^|\s)transparent_hugepage=/.test(machine.look.text('/proc/cmdline') ?? '')) {
    return 'The boot options of this machine decide it, to tuned too.';
  }
  return [{ knob: 'hugepage-mode', value }];
}

/** The plugin `vm`: transparent huge pages. */
export const vm: TunedPlugin = pluginOf('vm', {
  transparent_hugepages: hugepageMode,
  transparent_hugepage: hugepageMode,
  'transparent_hugepage.defrag': ({ value }) => [{ knob: 'hugepage-defrag', value }],
});
