// Colours for YAML as templates are written in it. Whether it is right, package template says.
import type { StreamParser, StringStream } from '@codemirror/language';

interface State {
  /** the quote that is open */
  quote: string;
  /** the indentation of the key whose text goes over lines; -1 for none */
  block: number;
}

function quoted(stream: StringStream, state: State): string {
  while (!stream.eol()) {
    if (stream.match(/^\{\{[^{}]*\}\}/)) continue;
    const next = stream.next();
    if (next === '\\' && state.quote === '"') stream.next();
    else if (next === state.quote) {
      state.quote = '';
      break;
    }
  }
  return 'string';
}

/** yaml tells keys, texts, numbers, variables and comments apart. */
export const yaml: StreamParser<State> = {
  startState: () => ({ quote: '', block: -1 }),
  token(stream, state) {
    if (state.quote) return quoted(stream, state);
    if (stream.sol() && state.block >= 0) {
      const blank = /^\s*$/.test(stream.string);
      if (!blank && stream.indentation() <= state.block) state.block = -1;
    }
    if (stream.match(/^\{\{!?[\w-]+\}\}/)) return 'variableName';
    if (state.block >= 0) {
      stream.next();
      stream.eatWhile(/[^{]/);
      return 'string';
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^(?:"[^"]*"|'[^']*'|[\w.$/*-]+)(?=\s*:(?:\s|$))/)) return 'propertyName';
    if (stream.match(/^[|>][+-]?\d?\s*$/)) {
      state.block = stream.indentation();
      return 'punctuation';
    }
    const open = stream.match(/^["']/) as RegExpMatchArray | null;
    if (open) {
      state.quote = open[0];
      return quoted(stream, state);
    }
    if (stream.match(/^(?:true|false|null)\b/)) return 'bool';
    if (stream.match(/^-?\d+(?:\.\d+)?(?=[\s,\]}]|$)/)) return 'number';
    if (stream.match(/^[-:,[\]{}?&*!]/)) return 'punctuation';
    stream.next();
    stream.eatWhile(/[^\s,:[\]{}#"']/);
    return 'string';
  },
};
