import type { Analysis } from './analysis.ts';

/** The analysis as JSON, indented by two, with a newline at the end. */
export function encodeAnalysisJson(analysis: Analysis): string {
  return `${JSON.stringify(analysis, null, 2)}\n`;
}
