import { oneOf } from '../rule.ts';
import { preferencesOf } from '../value.ts';
import { does, preferred, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** What a program waits for when there is no huge page free: Documentation/admin-guide/mm/transhuge.rst, `defrag`. */
export const hugepageDefrag: Knob = {
  name: 'hugepage-defrag',
  help: 'Whether a program waits while the kernel makes room for a huge page.',
  options: {},
  value: preferred(oneOf(['always', 'defer', 'defer+madvise', 'madvise', 'never'])),
  subject: () => '',
  plan({ entry, facts }) {
    if (facts.kernel.hugepageModes.length === 0) return skips('This kernel has no transparent huge pages.');
    // Linux 4.11 has brought `defer+madvise`; all others are older than any kernel that Node runs on.
    const [major, minor] = facts.kernel.version;
    const isOld = major * 1000 + minor < 4011;
    const mode = preferencesOf(entry.value).find((wish) => !(isOld && wish === 'defer+madvise'));
    return mode === undefined
      ? skips('This kernel is too old for it.')
      : does(setFile('/sys/kernel/mm/transparent_hugepage/defrag', String(mode)));
  },
};
