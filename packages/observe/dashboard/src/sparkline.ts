import type { Aligned } from './series-store.ts';

/** Sizes of canvases as the browser last laid them out: asking at every tick would make it lay out the page each time. */
const sizes = new WeakMap<Element, { readonly width: number; readonly height: number }>();
const observer = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) sizes.set(target, contentRect);
});

function sizeOf(canvas: HTMLCanvasElement): { readonly width: number; readonly height: number } {
  let size = sizes.get(canvas);
  if (!size) {
    size = { width: canvas.clientWidth, height: canvas.clientHeight };
    sizes.set(canvas, size);
    observer.observe(canvas);
  }
  return size;
}

/** Draws one series as a small filled curve over the whole canvas; a hole in the data is a hole in the curve. */
export function drawSparkline(canvas: HTMLCanvasElement, data: Aligned, from: number, to: number, top: number | null, color: string): void {
  const ratio = globalThis.devicePixelRatio || 1;
  const size = sizeOf(canvas);
  const width = Math.round(size.width * ratio);
  const height = Math.round(size.height * ratio);
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return;
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.clearRect(0, 0, width, height);
  const [time, values] = data;
  if (!values) return;
  const highest = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const scale = (height - 2 * ratio) / Math.max(top ?? highest * 1.15, 1e-9);
  const x = (row: number): number => ((time[row]! - from) / (to - from)) * width;
  const y = (value: number): number => height - ratio - Math.min(value * scale, height - 2 * ratio);
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = ratio;
  for (let row = 0; row < time.length; row++) {
    if (values[row] === null || values[row] === undefined) continue;
    const begin = row;
    context.beginPath();
    context.moveTo(x(row), y(values[row]!));
    while (row + 1 < time.length && values[row + 1] !== null && values[row + 1] !== undefined) {
      row++;
      context.lineTo(x(row), y(values[row]!));
    }
    context.globalAlpha = 0.75;
    context.stroke();
    context.lineTo(x(row), height);
    context.lineTo(x(begin), height);
    context.globalAlpha = 0.14;
    context.fill();
  }
  context.globalAlpha = 1;
}
