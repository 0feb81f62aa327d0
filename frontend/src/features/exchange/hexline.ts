/** Bytes of one row. */
export const width = 16;

/** offset writes where a row begins. */
export function offset(at: number): string {
  return at.toString(16).padStart(8, '0');
}

/** hex writes bytes in two groups of eight. */
export function hex(bytes: Uint8Array): string {
  let line = '';
  for (let i = 0; i < bytes.length; i++) {
    line += `${i === 8 ? ' ' : ''}${(bytes[i] ?? 0).toString(16).padStart(2, '0')} `;
  }
  return line;
}

/** ascii writes bytes as the characters they are in ASCII, and a dot for every other one. */
export function ascii(bytes: Uint8Array): string {
  let line = '';
  for (const byte of bytes) line += byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·';
  return line;
}

/** readOffset reads 1024, 0x400 and 400h. */
export function readOffset(text: string): number | undefined {
  const word = text.trim().replaceAll(/[\s_,]/g, '');
  if (/^0x[0-9a-f]+$/i.test(word)) return Number.parseInt(word.slice(2), 16);
  if (/^[0-9a-f]+h$/i.test(word)) return Number.parseInt(word.slice(0, -1), 16);
  return /^\d+$/.test(word) ? Number(word) : undefined;
}
