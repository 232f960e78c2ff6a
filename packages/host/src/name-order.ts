const NUMBER = /\d+$/;

/** Compares names as people count, for a sort: by their text, and by the number at their end where the text is the same. `sda2` comes before `sda10`. */
export function byNumber(a: string, b: string): number {
  const [stemA, stemB] = [a.replace(NUMBER, ''), b.replace(NUMBER, '')];
  if (stemA !== stemB) return stemA < stemB ? -1 : 1;
  return Number(a.slice(stemA.length)) - Number(b.slice(stemB.length)) || (a < b ? -1 : 1);
}
