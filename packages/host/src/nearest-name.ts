/** The fewest insertions, deletions, replacements and swaps of neighbours that turn one text into the other. */
function distance(from: string, to: string): number {
  const width = to.length + 1;
  const table = new Uint16Array((from.length + 1) * width);
  const at = (row: number, column: number): number => table[row * width + column] as number;
  for (let row = 0; row <= from.length; row += 1) {
    for (let column = 0; column < width; column += 1) {
      let cost = row === 0 ? column : column === 0 ? row : Number.POSITIVE_INFINITY;
      if (row > 0 && column > 0) {
        const same = from[row - 1] === to[column - 1] ? 0 : 1;
        cost = Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + same);
        if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
          cost = Math.min(cost, at(row - 2, column - 2) + 1);
        }
      }
      table[row * width + column] = cost;
    }
  }
  return at(from.length, to.length);
}

/** Up to three of `names` that someone who wrote `name` may have meant, nearest first; empty when none is near. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const wanted = name.slice(0, 200).toLowerCase();
  return names
    .map((candidate) => {
      const lower = candidate.toLowerCase();
      // A part of a name (`cpu` for cpu_usage_percent) is meant more often than a misspelling of another one.
      const contained = wanted.length >= 3 && lower.includes(wanted);
      // Of a short name half must be right: three letters of four make any word.
      const most = Math.max(Math.min(3, Math.ceil(wanted.length / 2)), wanted.length / 3);
      return { candidate, cost: contained ? 1 : distance(wanted, lower) / most };
    })
    .filter(({ cost }) => cost <= 1)
    .sort((a, b) => a.cost - b.cost)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}
