import { parseChoice } from '../detect/choice.ts';
import { listOf, optional, SIZE, text, whole } from '../rule.ts';
import { isShare, parseSize, shareBytes } from '../value.ts';
import { does, skips } from './knob.ts';
import type { Knob } from './knob.ts';

const DEVICE = 'zram0';
/** What is taken where the module is not loaded yet and cannot say: the kernel's own default (drivers/block/zram/Kconfig). */
const DEFAULT = 'lzo-rle';
/** Above that of a disk, whose priority is negative unless somebody says otherwise: swapon(2). */
const PRIORITY = 100;
/** The largest page of any kernel: sizes are whole pages on all of them. */
const PAGE = 65_536;
/** Less is not worth a device, more has no machine. */
const [LEAST, MOST] = [2 ** 20, 2 ** 44];

/** Swap in compressed memory: Documentation/admin-guide/blockdev/zram.rst. */
export const zram: Knob = {
  name: 'zram',
  help: 'Swap in compressed memory, of this size before compression.',
  options: {
    algorithms: optional(listOf(text('the name of an algorithm such as "zstd"', /^[a-z0-9-]{2,32}$/))),
    priority: optional(whole(0, 32_767)),
  },
  value: { rule: SIZE, preferences: false, share: true, bounds: false },
  subject: () => '',
  plan({ entry, facts, look }) {
    if (facts.container !== null) return skips('Swap is the business of the machine, not of a container.');
    if (facts.memory.zram.length > 0) return skips(`There is swap in zram already (${facts.memory.zram.join(', ')}).`);
    if (!facts.memory.canZram) return skips('This kernel has no zram.');
    const bytes = isShare(entry.value) ? shareBytes(entry.value, facts) : parseSize(entry.value as string)!;
    const size = Math.floor(Math.min(bytes, MOST) / PAGE) * PAGE;
    if (size < LEAST) return skips('There is too little memory for it.');
    const offered = parseChoice((look?.text(`/sys/block/${DEVICE}/comp_algorithm`) ?? '').split(/\s+/)).all;
    const wishes = (entry.options['algorithms'] as readonly string[] | undefined) ?? [];
    const algorithm = wishes.find((wish) => offered.includes(wish)) ?? DEFAULT;
    const isReady = look !== null && look.names('/sys/class', /^zram-control$/).length > 0;
    return does(...(isReady ? [] : [{ kind: 'module', module: 'zram', loaded: true } as const]), {
      kind: 'zram',
      device: DEVICE,
      size,
      algorithm,
      priority: Number(entry.options['priority'] ?? PRIORITY),
    });
  },
};
