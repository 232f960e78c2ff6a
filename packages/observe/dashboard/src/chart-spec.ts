/** One series of a chart. */
export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  /** Position in the palette. */
  readonly color: number;
  /** `stack` series pile up on each other; `mirror` is an area below zero, for the other direction of a flow. */
  readonly look: 'line' | 'area' | 'stack' | 'mirror';
  /** How the number comes about. */
  readonly formula?: string;
}

/** One chart. */
export interface ChartSpec {
  readonly key: string;
  readonly title: string;
  /** Of its axis. */
  readonly unit: string;
  readonly series: readonly ChartSeries[];
  /** Top of the axis: a number, or the id of the series that holds it; null when the data decides. */
  readonly top: number | string | null;
  /** The axis is at least this high, so that noise near zero stays small. */
  readonly floor: number;
  /** The series that a pile stands for as a whole: its lowest and highest values are shown where points stand for many samples. */
  readonly peak?: string;
  /** Colours by busy share instead of lines; for series that are too many to tell apart. */
  readonly heat?: boolean;
}

/** A series that is a line. */
export const line = (id: string, label: string, color: number, formula?: string): ChartSeries => ({
  id,
  label,
  color,
  look: 'line',
  ...(formula ? { formula } : {}),
});
/** A series that piles up on those before it. */
export const stack = (id: string, label: string, color: number, formula: string): ChartSeries => ({
  id,
  label,
  color,
  look: 'stack',
  formula,
});
/** A series that is a filled line. */
export const area = (id: string, label: string, color: number, formula: string): ChartSeries => ({
  id,
  label,
  color,
  look: 'area',
  formula,
});
/** A series that is filled below zero: the other direction of a flow. */
export const mirror = (id: string, label: string, color: number, formula: string): ChartSeries => ({
  id,
  label,
  color,
  look: 'mirror',
  formula,
});
