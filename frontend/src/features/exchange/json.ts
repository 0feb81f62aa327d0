/** How much JSON is laid out here, in characters; more stays as it was sent. */
const most = 200_000;

/**
 * tidyJSON lays JSON out over lines without reading it into values: numbers, escapes and repeated keys stay as sent. It
 * gives undefined for what is no JSON object or array.
 */
export function tidyJSON(text: string): string | undefined {
  if (text.length > most || !/^\s*[[{]/.test(text)) return undefined;
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  let depth = 0;
  const out: string[] = [];
  const line = () => out.push('\n', '  '.repeat(Math.min(depth, 40)));
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  for (const token of tokens) {
    if (token === '{' || token === '[') {
      out.push(token);
      depth++;
      line();
    } else if (token === '}' || token === ']') {
      depth--;
      line();
      out.push(token);
    } else if (token === ',') {
      out.push(token);
      line();
    } else out.push(token === ':' ? ': ' : token);
  }
  return out.join('');
}
