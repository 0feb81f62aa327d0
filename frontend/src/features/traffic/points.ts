// Go counts code points where JavaScript counts UTF-16 units.

/** pointsBefore is how many code points come before a unit. */
export function pointsBefore(text: string, unit: number): number {
  return [...text.slice(0, unit)].length;
}

/** unitAt is the unit at which a code point begins. */
export function unitAt(text: string, point: number): number {
  let unit = 0;
  for (const letter of text) {
    if (point-- <= 0) break;
    unit += letter.length;
  }
  return unit;
}
