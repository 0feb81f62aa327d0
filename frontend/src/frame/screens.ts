import { type ComponentType, lazy } from 'react';
import type { ScreenId } from './nav';

/** Each screen loads when it is first opened: the default export of features/<name>/Screen.tsx. */
export const screens: Partial<Record<ScreenId, ComponentType>> = {
  home: lazy(() => import('../features/home/Screen')),
  setup: lazy(() => import('../features/setup/Screen')),
  traffic: lazy(() => import('../features/traffic/Screen')),
  repeater: lazy(() => import('../features/repeater/Screen')),
  diff: lazy(() => import('../features/diff/Screen')),
  settings: lazy(() => import('../features/settings/Screen')),
  // Of the workshop, and not in a release: VITE_GALLERY=1 builds it in.
  ...(import.meta.env.DEV || import.meta.env.VITE_GALLERY
    ? { gallery: lazy(() => import('../gallery/Screen')) }
    : {}),
};
