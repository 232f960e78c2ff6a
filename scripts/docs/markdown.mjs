/** The first line of every generated page. */
export const NOTICE =
  '<!-- Made by `node scripts/docs.mjs` from the declarations in the code. Change those, or scripts/docs/, and run it again. -->';

/** Text in a table cell: a bar would end it. */
const cell = (text) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ');

/** Text as code; empty stays empty. */
export const code = (text) => (text ? `\`${text}\`` : '');

/** A table of cells, rows of equal length. */
export const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** Blocks with an empty line between them; empty ones left out; a newline at the end. */
export const page = (...blocks) => `${blocks.flat().filter(Boolean).join('\n\n')}\n`;
