import { CLUSTERS, CONTINUED, textOfLetter } from './letters.ts';
import type { Letter } from './letters.ts';

/** What stands for letters of frames, graphs and text where only ASCII can be shown: pairs, the substitute second. */
const PAIRS =
  '─-━-┄-╌-│|┃|┆|╎|░.▒:▓#█#▀"▁_▂_▃.▄.▅:▆:▇#▏|▎|▍|▌|▐|▕|■#▪*●*•*·.…~–-—-‐-−-←<↑^→>↓v▲^▼v◀<▶>△^▽v◁<▷>▸>▾v×x÷/µu≤<≥>±+“"”"‘\'’\'✓v✗x⚠!°o';

const SUBSTITUTES = new Map<Letter, Letter>();
for (let at = 0; at < PAIRS.length; at += 2) SUBSTITUTES.set(PAIRS.charCodeAt(at), PAIRS.charCodeAt(at + 1));

const found = new Map<Letter, Letter>();

/** The ASCII character that is shown for a letter where nothing else can be. */
export function asciiOf(letter: Letter): Letter {
  if (letter < 0x7f) return letter === CONTINUED ? 0x20 : letter;
  let ascii = found.get(letter);
  if (ascii === undefined) found.set(letter, (ascii = substitute(letter)));
  return ascii;
}

function substitute(letter: Letter): Letter {
  const known = SUBSTITUTES.get(letter);
  if (known !== undefined) return known;
  if (letter === 0xa0 || letter === 0x2800) return 0x20;
  if (letter >= 0x2500 && letter < 0x2580) return 0x2b; // Corners and crossings of frames: +
  if (letter > 0x2800 && letter < 0x2900) return 0x3a; // Braille: :
  // A letter with an accent without it; of all others it is only said that there is one.
  const base = letter < CLUSTERS + 0x1_0000 ? textOfLetter(letter).normalize('NFD').charCodeAt(0) : 0;
  return base > 0x20 && base < 0x7f ? base : 0x3f;
}
