// What the tests of several screens have in common.
import { type RenderResult, render } from '@testing-library/react';
import axe from 'axe-core';
import type { ComponentType } from 'react';
import { afterEach, beforeEach } from 'vitest';
import { listenForKeys } from '../commands/listen';
import { type ScreenId, useNav } from '../frame/nav';
import { useUndo } from '../frame/undo';
import { Surroundings } from './window';

const SEEN = 588; // pixels of a list that are in sight

/** beforeEachScreen begins every test of a file anew: keys are heard, nothing can be taken back, lists have a height. */
export function beforeEachScreen(begin: () => void): void {
  let stop = () => {};
  // happy-dom lays nothing out: the list is told how much of it is seen.
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: SEEN });
  beforeEach(() => {
    stop = listenForKeys();
    useUndo.setState({ done: [], undone: [] });
    begin();
  });
  afterEach(() => stop());
}

/** showScreen shows a screen that is asked for with params. */
export function showScreen(
  id: ScreenId,
  Screen: ComponentType,
  params: Record<string, string> = {},
): RenderResult {
  useNav.setState({ screen: id, params, past: [] });
  return render(
    <Surroundings>
      <Screen />
    </Surroundings>,
  );
}

/** flaws are what keeps people out who cannot see or cannot point. */
export async function flaws(container: HTMLElement): Promise<string[]> {
  // Contrast is proved by the tokens; there is no layout here to measure it by.
  const { violations } = await axe.run(container, { rules: { 'color-contrast': { enabled: false } } });
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
