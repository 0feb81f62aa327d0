// CodeMirror for writing: loaded when a request is first edited as text.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';
import { editorTheme } from '../exchange/editorTheme';

interface RawEditorProps {
  text: string;
  label: string;
  json: boolean;
  /** a line with something wrong, from 1; 0 for none */
  wrong: number;
  onChange(text: string): void;
  onLeave(): void;
}

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--as-role-user)' },
  { tag: tags.string, color: 'var(--as-role-assistant)' },
  { tag: tags.number, color: 'var(--as-role-tool)' },
  { tag: [tags.bool, tags.null], color: 'var(--as-role-system)' },
]);

/** RawEditor edits text. What arrives while somebody types waits until they leave. */
export default function RawEditor({ text, label, json: isJSON, wrong, onChange, onLeave }: RawEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, onLeave, text, label });
  latest.current = { onChange, onLeave, text, label };
  useEffect(() => {
    const parent = place.current;
    if (!parent) return;
    const made = new EditorView({
      parent,
      doc: latest.current.text,
      extensions: extensions(latest.current.label, isJSON, {
        change: (text) => latest.current.onChange(text),
        leave: () => latest.current.onLeave(),
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [isJSON]);
  useEffect(() => {
    const now = view.current;
    if (!now || now.hasFocus || now.state.doc.toString() === text) return;
    now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: text } });
  }, [text]);
  return <div ref={place} data-wrong={wrong || undefined} style={{ height: '100%', minHeight: 0 }} />;
}

interface Heard {
  change(text: string): void;
  leave(): void;
}

function extensions(label: string, isJSON: boolean, heard: Heard): Extension {
  return [
    EditorState.lineSeparator.of('\n'), // a lone CR stays what it is
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
    lineNumbers(),
    history(),
    drawSelection(),
    highlightSpecialChars(),
    EditorView.lineWrapping,
    EditorView.perLineTextDirection.of(true),
    keymap.of([...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'), ...historyKeymap]),
    isJSON ? json() : [],
    syntaxHighlighting(colours),
    EditorView.updateListener.of((update) => {
      const own = update.transactions.some(
        (each) =>
          each.isUserEvent('input') ||
          each.isUserEvent('delete') ||
          each.isUserEvent('undo') ||
          each.isUserEvent('redo') ||
          each.isUserEvent('move'),
      );
      if (update.docChanged && own) heard.change(update.state.doc.toString());
    }),
    EditorView.domEventHandlers({ blur: () => heard.leave() }),
    editorTheme,
  ];
}
