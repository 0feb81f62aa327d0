// CodeMirror, read-only: loaded when a body is first shown.
import { json } from '@codemirror/lang-json';
import { foldGutter, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import {
  closeSearchPanel,
  findNext,
  findPrevious,
  highlightSelectionMatches,
  openSearchPanel,
  search,
} from '@codemirror/search';
import { Compartment, EditorState, type Extension, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type RefObject, useEffect, useRef } from 'react';
import { t } from '../../i18n';
import { editorTheme } from './editorTheme';

/** What the keys of the window can do with a text. */
export interface EditorHandle {
  find(): void;
  next(): void;
  previous(): void;
}

interface EditorProps {
  handle: RefObject<EditorHandle | null>;
  text: string;
  json: boolean;
  wrap: boolean;
  label: string;
  /** number of the first line of the body, from 0 */
  line: number;
  /** lines before the body */
  skip: number;
  /** lines of the body, from 0, that go on with the one before */
  breaks: number[];
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--as-role-user)' },
  { tag: tags.string, color: 'var(--as-role-assistant)' },
  { tag: tags.number, color: 'var(--as-role-tool)' },
  { tag: [tags.bool, tags.null], color: 'var(--as-role-system)' },
]);

// Beside the control and bidi characters that CodeMirror shows by itself: joiners, more of bidi, invisible operators,
// tags and variation selectors.
// biome-ignore lint/suspicious/noMisleadingCharacterClass: the joiners themselves are meant
const hidden = /[\u200c\u200d\u202a-\u202c\u2060-\u206f\u180e\u3164\ufe00-\ufe0f\u{e0000}-\u{e0fff}]/u;

/** Editor shows text that is only read. */
export default function Editor({ handle, text, json: isJSON, wrap, label, line, skip, breaks }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const parts = useRef({ wrap: new Compartment(), body: new Compartment() });
  const latest = useRef({ text: '', body: [] as Extension, wrap: [] as Extension, label });
  latest.current = {
    text,
    label,
    wrap: wrap ? EditorView.lineWrapping : [],
    body: [isJSON ? json() : [], numbered(line, skip, breaks), continued(skip, breaks)],
  };
  useEffect(() => {
    const first = latest.current;
    const { wrap, body } = parts.current;
    const made = new EditorView({
      parent: place.current as HTMLElement,
      doc: first.text,
      extensions: [base(first.label), wrap.of(first.wrap), body.of(first.body)],
    });
    view.current = made;
    handle.current = {
      find: () => openSearchPanel(made),
      next: () => findNext(made),
      previous: () => findPrevious(made),
    };
    return () => {
      handle.current = null;
      view.current = null;
      made.destroy();
    };
  }, [handle]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what latest was made of
  useEffect(() => {
    const { wrap, body } = parts.current;
    view.current?.dispatch({
      effects: [wrap.reconfigure(latest.current.wrap), body.reconfigure(latest.current.body)],
    });
  }, [isJSON, wrap, line, skip, breaks]);
  useEffect(() => {
    const now = view.current;
    if (now && now.state.doc.toString() !== text)
      now.dispatch({ changes: change(now.state.doc.toString(), text) });
  }, [text]);
  return <div ref={place} style={{ flex: 1, minHeight: 0, overflow: 'hidden' }} />;
}

/** change is what turns one text into another: only the end, for a text that grew. */
function change(from: string, to: string) {
  return to.startsWith(from)
    ? { from: from.length, insert: to.slice(from.length) }
    : { from: 0, to: from.length, insert: to };
}

function base(label: string): Extension {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorState.lineSeparator.of('\n'), // a lone CR is shown as what it is
    EditorView.contentAttributes.of({
      tabindex: '0',
      'aria-label': label,
      'aria-readonly': 'true',
    }),
    highlightSpecialChars({ addSpecialChars: hidden, render: sign }),
    EditorView.perLineTextDirection.of(true),
    drawSelection(),
    foldGutter(),
    search({ top: true }),
    highlightSelectionMatches(),
    keymap.of([{ key: 'Escape', run: closeSearchPanel, scope: 'editor search-panel' }]),
    syntaxHighlighting(colours),
    EditorState.phrases.of({
      Find: t('exchange.find.command'),
      next: t('exchange.find.next'),
      previous: t('exchange.find.previous'),
      all: t('exchange.find.all'),
      'match case': t('exchange.find.case'),
      regexp: t('exchange.find.regexp'),
      'by word': t('exchange.find.word'),
      close: t('exchange.find.close'),
    }),
    editorTheme,
  ];
}

/** sign stands for a character that is not seen: its picture for a control character, its code for every other one. */
function sign(code: number, description: string | null, placeholder: string): HTMLElement {
  const span = document.createElement('span');
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  span.className = 'cm-specialChar';
  span.textContent = placeholder === '\u2022' ? name : placeholder;
  span.title = description ? `${name} ${description}` : name;
  span.setAttribute('aria-label', span.title);
  return span;
}

/** numbered gives lines of the body their numbers in the body as it was recorded, and others none. */
function numbered(line: number, skip: number, breaks: number[]): Extension {
  const broken = new Set(breaks);
  let before = 0; // breaks up to here, counted as lines are asked for in order
  let counted = 0;
  return lineNumbers({
    formatNumber: (n) => {
      const at = n - 1 - skip;
      if (at < 0) return '';
      if (broken.has(at)) return '·';
      if (at < counted) [before, counted] = [0, 0];
      for (; counted < at; counted++) if (broken.has(counted)) before++;
      return String(line + at - before + 1);
    },
  });
}

const broken = Decoration.line({ class: 'as-continued' });

/** continued marks lines that go on with the one before: text that is copied is whole again. */
function continued(skip: number, breaks: number[]): Extension {
  if (breaks.length === 0) return [];
  const numbers = new Set(breaks.map((at) => at + skip + 1));
  const marks = (state: EditorState): DecorationSet => {
    const set = new RangeSetBuilder<Decoration>();
    for (const n of [...numbers].sort((a, b) => a - b)) {
      if (n <= state.doc.lines) set.add(state.doc.line(n).from, state.doc.line(n).from, broken);
    }
    return set.finish();
  };
  return [
    EditorView.decorations.of((view) => marks(view.state)),
    EditorView.clipboardOutputFilter.of((_, state) =>
      state.selection.ranges.map((range) => joined(state, range.from, range.to, numbers)).join('\n'),
    ),
  ];
}

function joined(state: EditorState, from: number, to: number, numbers: ReadonlySet<number>): string {
  let text = '';
  for (let n = state.doc.lineAt(from).number; n <= state.doc.lineAt(to).number; n++) {
    const line = state.doc.line(n);
    if (text && !numbers.has(n)) text += '\n';
    text += line.text.slice(Math.max(0, from - line.from), to - line.from);
  }
  return text;
}
