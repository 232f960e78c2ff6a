import { oneOf } from '../rule.ts';
import { does, firstOffered, preferred, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** Who gets transparent huge pages: Documentation/admin-guide/mm/transhuge.rst, `enabled`. */
export const hugepageMode: Knob = {
  name: 'hugepage-mode',
  help: 'Who gets transparent huge pages: everybody, who asks for them, nobody.',
  options: {},
  value: preferred(oneOf(['always', 'madvise', 'never'])),
  subject: () => '',
  plan({ entry, facts }) {
    const { hugepageModes } = facts.kernel;
    if (hugepageModes.length === 0) return skips('This kernel has no transparent huge pages.');
    const mode = firstOffered(entry.value, hugepageModes);
    return mode === null
      ? skips(`This kernel offers ${hugepageModes.join(', ')} only.`)
      : does(setFile('/sys/kernel/mm/transparent_hugepage/enabled', mode));
  },
};
