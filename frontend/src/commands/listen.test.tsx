import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineCommands, useCommand, useRegistry } from '.';
import { conflicts, keysOf, readKeys, useKeys } from './bindings';
import { isEditor, listenForKeys } from './listen';

const start = useRegistry.getState();
let stop = () => {};
let ran: string[] = [];

beforeEach(() => {
  useRegistry.setState({ commands: new Map(), handlers: new Map(), version: 0 }, true);
  defineCommands([
    { id: 'test.palette', title: '', group: '', keys: ['Mod+K'], scope: 'global' },
    { id: 'test.undo', title: '', group: '', keys: ['Mod+Z'], scope: 'global' },
    { id: 'test.help', title: '', group: '', keys: ['?'], scope: 'global' },
    { id: 'test.next', title: '', group: '', keys: ['J'], scope: 'list' },
    { id: 'test.open', title: '', group: '', keys: ['Enter'], scope: 'list' },
    { id: 'test.change', title: '', group: '', keys: ['J'], scope: 'viewer' },
    { id: 'test.reload', title: '', group: '', keys: ['Mod+R'], scope: 'list' },
  ]);
  ran = [];
  stop = listenForKeys();
});

afterEach(() => {
  stop();
  useKeys.getState().reset();
  useRegistry.setState(start, true);
});

function Window({ ids }: { ids: string[] }) {
  return (
    <>
      {ids.map((id) => (
        <Handler key={id} id={id} />
      ))}
      <input aria-label="search" />
      <div data-scope="list">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: stands for a grid */}
        <div tabIndex={0} data-testid="grid" />
        <button type="button">press</button>
        <div data-scope="viewer">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: stands for a viewer */}
          <div tabIndex={0} data-testid="pane" />
        </div>
      </div>
      <div aria-modal="true" role="dialog">
        <button type="button">close</button>
      </div>
    </>
  );
}

function Handler({ id }: { id: string }) {
  useCommand(id, () => ran.push(id));
  return null;
}

const every = ['test.palette', 'test.undo', 'test.help', 'test.next', 'test.open', 'test.change'];

async function pressAt(element: HTMLElement, keys: string): Promise<string[]> {
  element.focus();
  await userEvent.keyboard(keys);
  return ran.splice(0);
}

test('a letter means something where its scope has the focus, and nothing elsewhere', async () => {
  const { getByTestId } = render(<Window ids={every} />);
  expect(await pressAt(getByTestId('grid'), 'j')).toEqual(['test.next']);
  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard('j');
  expect(ran).toEqual([]);
});

test('the nearest scope wins', async () => {
  const { getByTestId } = render(<Window ids={every} />);
  expect(await pressAt(getByTestId('pane'), 'j')).toEqual(['test.change']);
});

test('in a scope further out a command is found when the nearer has nothing to do', async () => {
  const { getByTestId } = render(<Window ids={['test.next']} />);
  expect(await pressAt(getByTestId('pane'), 'j')).toEqual(['test.next']);
});

test('an editor keeps its letters and its own undo, and gives the rest away', async () => {
  const { getByLabelText } = render(<Window ids={every} />);
  const search = getByLabelText('search') as HTMLInputElement;
  expect(await pressAt(search, '?j')).toEqual([]);
  expect(search.value).toBe('?j');
  expect(await pressAt(search, '{Control>}z{/Control}')).toEqual([]);
  expect(await pressAt(search, '{Control>}k{/Control}')).toEqual(['test.palette']);
});

test('Enter presses a focused button', async () => {
  const { getByText, getByTestId } = render(<Window ids={every} />);
  expect(await pressAt(getByText('press'), '{Enter}')).toEqual([]);
  expect(await pressAt(getByTestId('grid'), '{Enter}')).toEqual(['test.open']);
});

test('a dialog is not left by a key of the window', async () => {
  const { getByText } = render(<Window ids={every} />);
  expect(await pressAt(getByText('close'), '{Control>}k{/Control}')).toEqual([]);
});

test('our key with nothing to do is kept from the browser, a foreign key is not', () => {
  const { getByTestId } = render(<Window ids={[]} />);
  const event = (key: string, code: string) =>
    new KeyboardEvent('keydown', { key, code, ctrlKey: true, bubbles: true, cancelable: true });
  const ours = event('r', 'KeyR');
  const foreign = event('p', 'KeyP');
  getByTestId('grid').dispatchEvent(ours);
  getByTestId('grid').dispatchEvent(foreign);
  expect([ours.defaultPrevented, foreign.defaultPrevented]).toEqual([true, false]);
});

test('a command answers to the keys a person gave it, and to its own again after a reset', async () => {
  const { getByTestId } = render(<Window ids={every} />);
  useKeys.getState().bind('test.next', ['x']);
  expect(await pressAt(getByTestId('grid'), 'jx')).toEqual(['test.next']);
  useKeys.getState().bind('test.next', []);
  expect(await pressAt(getByTestId('grid'), 'jx')).toEqual([]);
  useKeys.getState().bind('test.next', undefined);
  expect(await pressAt(getByTestId('grid'), 'jx')).toEqual(['test.next']);
});

test('letters can be switched off; Enter and Ctrl+K stay', async () => {
  const { getByTestId } = render(<Window ids={every} />);
  useKeys.getState().useLetters(false);
  expect(await pressAt(getByTestId('grid'), 'j?')).toEqual([]);
  expect(await pressAt(getByTestId('grid'), '{Enter}')).toEqual(['test.open']);
  expect(await pressAt(getByTestId('grid'), '{Control>}k{/Control}')).toEqual(['test.palette']);
});

test('conflicts are found where both commands could be meant', () => {
  const ids = (id: string, keys: string) => conflicts(id, keys).map((command) => command.id);
  expect(ids('test.open', 'j')).toEqual(['test.next']);
  expect(ids('test.open', 'Ctrl+K')).toEqual(['test.palette']);
  expect(ids('test.help', 'J')).toEqual(['test.next', 'test.change']);
  expect(ids('test.next', 'J')).toEqual([]);
  useKeys.getState().bind('test.next', ['x']);
  expect(ids('test.open', 'j')).toEqual([]);
});

test('broken stored keys are as good as none', () => {
  for (const text of [null, '', 'x', 'null', '{"overrides":{"a":5}}', '[]']) {
    expect(readKeys(text)).toEqual({ overrides: {}, letters: true });
  }
  const kept = readKeys('{"overrides":{"test.next":["x"]},"letters":false}');
  expect(kept).toEqual({ overrides: { 'test.next': ['x'] }, letters: false });
  const next = useRegistry.getState().commands.get('test.next');
  expect(next && keysOf(next, { ...kept, letters: true })).toEqual(['x']);
});

test('what is only read is no editor, and letters do something in it', () => {
  const { container } = render(
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: stands for CodeMirror */}
      <div role="textbox" tabIndex={0} aria-readonly="true" aria-label="body" contentEditable={false} />
      {/* biome-ignore lint/a11y/useSemanticElements: stands for CodeMirror */}
      <div role="textbox" tabIndex={0} aria-label="draft" />
    </>,
  );
  expect([...container.children].map(isEditor)).toEqual([false, true]);
});
