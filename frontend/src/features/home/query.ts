/** whereIs writes a filter for exchanges that have exactly this value in a field. */
export function whereIs(field: string, value: string): string {
  return `${field}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
