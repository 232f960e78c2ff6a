import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { HecateError } from '@hecate/host';

/** The one font that pictures are drawn with: what lies on a machine would make other pictures of the same numbers. */
const FONT = 'DejaVuSans.ttf';
const FAMILY = 'DejaVu Sans';

function asset(directory: string, name: string): Buffer {
  try {
    return readFileSync(join(directory, name));
  } catch (error) {
    throw new HecateError('UNAVAILABLE', `${name}, which PNG needs, cannot be read from ${directory}.`, {
      hint: 'Install hecate again, or take --format svg.',
      cause: error,
    });
  }
}

/**
 * A picture in SVG as PNG, `scale` times as large, in the font of `directory`: the same bytes for the same picture on every machine.
 * Letters that the font lacks become boxes. To be called once in a process. Throws UNAVAILABLE when what it needs is not there.
 */
export async function encodePng(svg: string, scale: number, directory: string): Promise<Uint8Array> {
  const font = asset(directory, FONT);
  await initWasm(asset(directory, 'resvg.wasm'));
  const drawing = new Resvg(svg, {
    font: { fontBuffers: [font], defaultFontFamily: FAMILY, sansSerifFamily: FAMILY },
    fitTo: { mode: 'zoom', value: scale },
  });
  return drawing.render().asPng();
}
