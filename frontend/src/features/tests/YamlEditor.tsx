// CodeMirror for templates: loaded when the text of one is first shown.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { HighlightStyle, indentUnit, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type RefObject, useEffect, useRef } from 'react';
import type { go } from '../../api';
import { editorTheme } from '../exchange/editorTheme';
import { yaml } from './yaml';

/** What others can do with the editor. */
export interface YamlHandle {
  /** puts the cursor at a line and column, both from 1 */
  show(line: number, column: number): void;
}

interface YamlEditorProps {
  handle: RefObject<YamlHandle | null>;
  text: string;
  label: string;
  readOnly: boolean;
  faults: go.TemplateFault[];
  onChange(text: string): void;
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--as-role-user)' },
  { tag: tags.string, color: 'var(--as-role-assistant)' },
  { tag: [tags.number, tags.bool], color: 'var(--as-role-tool)' },
  { tag: tags.variableName, color: 'var(--as-role-system)' },
  { tag: tags.comment, color: 'var(--as-dim)', fontStyle: 'italic' },
  { tag: tags.punctuation, color: 'var(--as-dim)' },
]);

/** YamlEditor shows YAML, and lets it be written where it may. */
export default function YamlEditor({ handle, text, label, readOnly, faults, onChange }: YamlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const marks = useRef(new Compartment());
  const latest = useRef({ onChange, text, label, faults });
  latest.current = { onChange, text, label, faults };
  useEffect(() => {
    const parent = place.current;
    if (!parent) return;
    const made = new EditorView({
      parent,
      doc: latest.current.text,
      extensions: [
        base(latest.current.label),
        readOnly ? fixed : writing((next) => latest.current.onChange(next)),
        marks.current.of(wrong(latest.current.faults)),
      ],
    });
    view.current = made;
    handle.current = { show: (line, column) => show(made, line, column) };
    return () => {
      handle.current = null;
      view.current = null;
      made.destroy();
    };
  }, [readOnly, handle]);
  useEffect(() => {
    view.current?.dispatch({ effects: marks.current.reconfigure(wrong(faults)) });
  }, [faults]);
  useEffect(() => {
    const now = view.current;
    if (now && now.state.doc.toString() !== text) {
      now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: text } });
    }
  }, [text]);
  return <div ref={place} style={{ height: '100%', minHeight: 0 }} />;
}

function show(view: EditorView, line: number, column: number) {
  const found = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
  const at = Math.min(found.to, found.from + Math.max(0, column - 1));
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
  view.focus();
}

const fixed: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ 'aria-readonly': 'true' }),
];

function writing(onChange: (text: string) => void): Extension {
  return [
    history(),
    // Tab indents, as YAML wants it; Escape and then Tab leaves.
    keymap.of([...historyKeymap, indentWithTab]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && update.transactions.some((each) => each.annotation !== undefined)) {
        onChange(update.state.doc.toString());
      }
    }),
  ];
}

function base(label: string): Extension {
  return [
    EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label, spellcheck: 'false' }),
    lineNumbers(),
    drawSelection(),
    highlightSpecialChars(),
    indentUnit.of('  '),
    EditorView.lineWrapping,
    EditorView.perLineTextDirection.of(true),
    search({ top: true }),
    keymap.of([...searchKeymap, ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')]),
    StreamLanguage.define(yaml),
    syntaxHighlighting(colours),
    editorTheme,
  ];
}

// Lines with something wrong.
function wrong(faults: go.TemplateFault[]): Extension {
  const lines = [...new Set(faults.map(({ line }) => line))].filter((line) => line > 0).sort((a, b) => a - b);
  return EditorView.decorations.of((view) => {
    const set = new RangeSetBuilder<Decoration>();
    for (const n of lines) {
      if (n > view.state.doc.lines) break;
      const { from } = view.state.doc.line(n);
      const title = faults
        .filter(({ line }) => line === n)
        .map(({ what }) => what)
        .join('\n');
      set.add(
        from,
        from,
        Decoration.line({ attributes: { title, style: 'background: var(--as-removed-bg)' } }),
      );
    }
    return set.finish();
  });
}
