import { EditorView } from '@codemirror/view';

/** editorTheme draws the editor in the colours of the window. */
export const editorTheme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--as-surface)', color: 'var(--as-text)', fontSize: '0.86em' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--as-mono)', lineHeight: '1.5' },
  '.cm-content:focus-visible': { outline: 'none' },
  '&:has(.cm-content:focus-visible)': { boxShadow: 'inset 0 0 0 2px var(--as-focus)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--as-dim)', border: 'none' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--as-raised)',
    border: '1px solid var(--as-line)',
    color: 'var(--as-dim)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--as-accent) 32%, transparent)',
  },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--as-accent) 18%, transparent)' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--as-warn) 32%, transparent)' },
  '.cm-searchMatch.cm-searchMatch-selected, .cm-searchMatch.cm-searchMatch-selected *': {
    backgroundColor: 'var(--as-warn)',
    color: 'var(--as-bg)',
  },
  '.cm-panel.cm-search :is(input, button, label)': { fontSize: '1em' },
  '.cm-specialChar': {
    padding: '0 2px',
    border: '1px solid var(--as-bad)',
    borderRadius: '3px',
    color: 'var(--as-bad)',
    fontSize: '0.8em',
  },
  '.cm-panels': { backgroundColor: 'var(--as-raised)', color: 'var(--as-text)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--as-line)' },
  '.cm-textfield': {
    backgroundColor: 'var(--as-bg)',
    border: '1px solid var(--as-line)',
    color: 'var(--as-text)',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--as-surface)',
    border: '1px solid var(--as-line)',
    color: 'var(--as-text)',
    minHeight: '24px',
  },
  '.cm-panel.cm-search [name=close]': { color: 'var(--as-text)', minWidth: '24px', minHeight: '24px' },
  '.as-continued': { borderInlineStart: '2px dashed var(--as-line)' },
});
