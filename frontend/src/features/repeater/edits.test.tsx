import { act, fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { keepEdits, useEdit } from './edits';

/** Far is somebody slow who keeps texts: each waits until it is let through. */
class Far {
  asked: string[] = [];
  waiting: (() => void)[] = [];
  save = (text: string) => {
    this.asked.push(text);
    return new Promise<void>((done) => this.waiting.push(done));
  };
  next = () => act(async () => this.waiting.shift()?.());
}

function Field({ far }: { far: Far }) {
  const edit = useEdit('kept', far.save);
  return (
    <input
      aria-label="field"
      value={edit.value}
      onChange={(event) => edit.change(event.currentTarget.value)}
      onBlur={edit.leave}
    />
  );
}

const type = (field: HTMLElement, value: string) => fireEvent.change(field, { target: { value } });

test('who sends waits for what is on its way to be kept', async () => {
  const far = new Far();
  render(<Field far={far} />);
  const field = screen.getByLabelText<HTMLInputElement>('field');
  type(field, 'new');
  const first = keepEdits();
  await act(async () => {});
  expect(far.asked).toEqual(['new']);
  let ready = false;
  const second = keepEdits().then(() => {
    ready = true;
  });
  await act(async () => {});
  expect(ready).toBe(false);
  await far.next();
  await Promise.all([first, second]);
  expect(ready).toBe(true);
  await keepEdits();
  expect(far.asked).toEqual(['new']);
});

test('what is typed while an older text is kept stays, and is kept after it', async () => {
  const far = new Far();
  render(<Field far={far} />);
  const field = screen.getByLabelText<HTMLInputElement>('field');
  type(field, 'one');
  fireEvent.blur(field);
  await act(async () => {});
  type(field, 'two');
  await far.next();
  expect(field.value).toBe('two');
  const kept = keepEdits();
  await act(async () => {});
  expect(far.asked).toEqual(['one', 'two']);
  await far.next();
  await kept;
  expect(field.value).toBe('two');
});
