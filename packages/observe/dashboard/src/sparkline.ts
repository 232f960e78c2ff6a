import type { Aligned } from './series-store.ts';

/** Draws one series as a small filled curve over the whole canvas; a hole in the data is a hole in the curve. */
export function drawSparkline(canvas: HTMLCanvasElement, data: Aligned, from: number, to: number, top: number | null, color: string): void {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
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
    const path = new Path2D();
    path.moveTo(x(row), y(values[row]!));
    while (row + 1 < time.length && values[row + 1] !== null && values[row + 1] !== undefined) {
      row++;
      path.lineTo(x(row), y(values[row]!));
    }
    context.globalAlpha = 0.75;
    context.stroke(path);
    path.lineTo(x(row), height);
    path.lineTo(x(begin), height);
    context.globalAlpha = 0.14;
    context.fill(path);
  }
  context.globalAlpha = 1;
}
