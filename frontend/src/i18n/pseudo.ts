// A language that nobody speaks: accented, a third longer, in brackets. Text that stays plain in it is hard-coded; text
// that loses its closing bracket is cut off.
import { IntlMessageFormat } from 'intl-messageformat';

const accented: Record<string, string> = {
  a: 'á',
  b: 'ƀ',
  c: 'ç',
  d: 'ð',
  e: 'é',
  f: 'ƒ',
  g: 'ĝ',
  h: 'ĥ',
  i: 'î',
  j: 'ĵ',
  k: 'ķ',
  l: 'ļ',
  m: 'ɱ',
  n: 'ñ',
  o: 'ö',
  p: 'þ',
  q: 'ǫ',
  r: 'ŕ',
  s: 'š',
  t: 'ţ',
  u: 'û',
  v: 'ṽ',
  w: 'ŵ',
  x: 'ẋ',
  y: 'ý',
  z: 'ž',
};

/** pseudo turns a text into the pseudo-language. */
export function pseudo(text: string): string {
  const letters = [...text].map((letter) => {
    const turned = accented[letter.toLowerCase()];
    if (!turned) return letter;
    return letter === letter.toLowerCase() ? turned : turned.toUpperCase();
  });
  return letters.join('');
}

const parseMessage = IntlMessageFormat.__parse as NonNullable<typeof IntlMessageFormat.__parse>;
type Element = ReturnType<typeof parseMessage>[number];

// The values of a message stay as they are: only what is written in it is turned.
function turn(elements: Element[]): Element[] {
  return elements.map((element) => {
    const copy = { ...element } as Record<string, unknown>;
    if (copy.type === 0) copy.value = pseudo(String(copy.value));
    if (Array.isArray(copy.children)) copy.children = turn(copy.children as Element[]);
    if (copy.options) {
      const options = Object.entries(copy.options as Record<string, { value: Element[] }>);
      copy.options = Object.fromEntries(
        options.map(([name, option]) => [name, { ...option, value: turn(option.value) }]),
      );
    }
    return copy as unknown as Element;
  });
}

/** pseudoMessage makes a message of the pseudo-language from one in ICU syntax. */
export function pseudoMessage(text: string, locale: string): IntlMessageFormat {
  const words = text.replaceAll(/\{.*\}/gs, '').length;
  const longer = ' ·'.repeat(Math.ceil(words / 6));
  const elements = turn(parseMessage(text));
  const literal = (value: string) => ({ type: 0, value }) as Element;
  return new IntlMessageFormat([literal('⟦'), ...elements, literal(`${longer}⟧`)], locale);
}
