/** Round numbers of thousands. */
const DECIMAL = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next round number that is not smaller: of two powers for bytes, so that axes read 1, 2, 4 GiB. */
export function roundUp(value: number, unit: string): number {
  if (value <= 0) return 0;
  if (unit === 'bytes') {
    const scale = 1024 ** Math.floor(Math.log(value) / Math.log(1024));
    const size = value / scale;
    const half = 2 ** Math.floor(Math.log2(size));
    return (size <= half ? half : size <= half * 1.5 ? half * 1.5 : half * 2) * scale;
  }
  const scale = 10 ** Math.floor(Math.log10(value));
  return (DECIMAL.find((step) => step * scale >= value * 0.9999) ?? 10) * scale;
}

/** Bottom and top of an axis for data between `min` and `max`, at least `floor` high. Mirrored data goes below zero. */
export function axisRange(min: number | null, max: number | null, unit: string, floor: number, mirrored: boolean): [number, number] {
  const top = roundUp(Math.max(max ?? 0, floor), unit);
  return [mirrored ? -roundUp(Math.max(-(min ?? 0), floor), unit) : 0, top];
}

/** Distances between labels of an axis, from which the chart picks one. */
export function axisSteps(unit: string): number[] {
  if (unit === 'bytes') return Array.from({ length: 60 }, (_, power) => 2 ** power);
  return Array.from({ length: 24 }, (_, power) => [1, 2, 2.5, 5].map((step) => step * 10 ** (power - 7))).flat();
}
