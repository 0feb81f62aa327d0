import { IntlMessageFormat } from 'intl-messageformat';
import { pseudoMessage } from './pseudo';

type Messages = { [key: string]: string | Messages };
type Values = Record<string, string | number | boolean | Date>;

// One en.json per folder that shows text; its keys begin with the folder's name.
const files = import.meta.glob<Messages>(
  ['../features/*/en.json', '../frame/en.json', '../commands/en.json'],
  {
    eager: true,
    import: 'default',
  },
);

function flatten(into: Map<string, string>, prefix: string, messages: Messages) {
  for (const [key, value] of Object.entries(messages)) {
    const name = `${prefix}.${key}`;
    if (typeof value === 'string') into.set(name, value);
    else flatten(into, name, value);
  }
}

export const messages: ReadonlyMap<string, string> = (() => {
  const all = new Map<string, string>();
  for (const [path, content] of Object.entries(files)) {
    flatten(all, path.split('/').at(-2) ?? '', content);
  }
  return all;
})();

export const locale = 'en';

type Language = 'en' | 'pseudo';
let language: Language = 'en';
const compiled = new Map<string, IntlMessageFormat>();

/** setLanguage changes what t answers from now on. The pseudo-language is for the gallery. */
export function setLanguage(to: Language): void {
  language = to;
  compiled.clear();
}

/** t gives the text of a key such as "traffic.empty.title"; values fill an ICU message. */
export function t(key: string, values?: Values): string {
  const text = messages.get(key);
  if (text === undefined) return key;
  if (language === 'en' && !values && !text.includes('{')) return text;
  let message = compiled.get(key);
  if (!message) {
    message = language === 'pseudo' ? pseudoMessage(text, locale) : new IntlMessageFormat(text, locale);
    compiled.set(key, message);
  }
  return String(message.format(values));
}
