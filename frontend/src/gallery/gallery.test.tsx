import { act, cleanup, render, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ThemeProvider } from '../theme/ThemeProvider';
import { Stage } from './Screen';
import { unanswered } from './side';
import { type State, states } from './states';
import { type Story, stories } from './stories';

const errors = vi.spyOn(console, 'error').mockImplementation(() => {});

beforeEach(() => {
  import.meta.glob('../features/*/commands.ts', { eager: true });
});
afterEach(() => errors.mockClear());

async function shown(story: Story, state: State) {
  const { container } = render(
    <ThemeProvider>
      <Stage story={story} state={state} />
    </ThemeProvider>,
  );
  const find = () => container.querySelector<HTMLElement>('[data-story]');
  await waitFor(() => expect(find()?.children.length || find()?.textContent).toBeTruthy(), { timeout: 5000 });
  await act(() => new Promise((done) => setTimeout(done, 50)));
  const shown = find();
  if (!shown) throw new Error(`it crashed: ${container.textContent?.slice(-300)}`);
  return shown;
}

// Contrast is proved for the tokens (theme/contrast.test.ts): there is no layout here to measure it by.
const rules = { 'color-contrast': { enabled: false }, region: { enabled: false } };

for (const story of stories) {
  test(`${story.title}: no state crashes, runs what was recorded, or is out of reach`, async () => {
    unanswered.clear();
    for (const state of story.still ? (['one'] as const) : (Object.keys(states) as State[])) {
      const container = await shown(story, state);
      expect(
        container.querySelector('script, iframe, img:not(.cm-widgetBuffer), a[href^="http"]'),
        state,
      ).toBeNull();
      const { violations } = await axe.run(container, { rules, resultTypes: ['violations'] });
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(
        serious.map(({ id, nodes }) => `${state}: ${id} ${nodes[0]?.html}`),
        state,
      ).toEqual([]);
      cleanup();
    }
    expect([...unanswered], 'add answers to gallery/answers.ts').toEqual([]);
  }, 60_000);
}
