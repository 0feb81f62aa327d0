import { type ComponentType, lazy } from 'react';
import type { ScreenId } from './nav';

const loads: Partial<Record<ScreenId, () => Promise<{ default: ComponentType }>>> = {
  home: () => import('../features/home/Screen'),
  setup: () => import('../features/setup/Screen'),
  traffic: () => import('../features/traffic/Screen'),
  inventory: () => import('../features/inventory/Screen'),
  models: () => import('../features/models/Screen'),
  repeater: () => import('../features/repeater/Screen'),
  tests: () => import('../features/tests/Screen'),
  findings: () => import('../features/findings/Screen'),
  policies: () => import('../features/policies/Screen'),
  reports: () => import('../features/reports/Screen'),
  diff: () => import('../features/diff/Screen'),
  settings: () => import('../features/settings/Screen'),
  // Of the workshop, and not in a release: VITE_GALLERY=1 builds it in.
  ...(import.meta.env.DEV || import.meta.env.VITE_GALLERY
    ? { gallery: () => import('../gallery/Screen') }
    : {}),
};

/** Each screen loads when it is first opened: the default export of features/<name>/Screen.tsx. */
export const screens: Partial<Record<ScreenId, ComponentType>> = Object.fromEntries(
  Object.entries(loads).map(([id, load]) => [id, lazy(load)]),
);

/**
 * loadScreens loads what was not opened yet, once the first screen is there: in a browser, a screen must open also while
 * Assay cannot be reached.
 */
export async function loadScreens(): Promise<void> {
  for (const load of Object.values(loads)) await load().catch(() => undefined); // opening it tries again, and says so
}
