import { create } from 'zustand';

/** The screens. */
export type ScreenId =
  | 'home'
  | 'setup'
  | 'traffic'
  | 'inventory'
  | 'models'
  | 'repeater'
  | 'tests'
  | 'findings'
  | 'policies'
  | 'reports'
  | 'settings'
  | 'diff'
  | 'gallery';

interface Place {
  screen: ScreenId;
  /** what is shown there: ids of exchanges, a tab, a section */
  params: Readonly<Record<string, string>>;
}

interface Nav extends Place {
  past: Place[];
  go(screen: ScreenId, params?: Record<string, string>): void;
  back(): void;
}

/** useNav holds where the person is. Screens read their params from it. */
export const useNav = create<Nav>((set, get) => ({
  screen: 'home',
  params: {},
  past: [],
  go(screen, params = {}) {
    const { screen: from, params: with_, past } = get();
    set({ screen, params, past: [...past.slice(-49), { screen: from, params: with_ }] });
  },
  back() {
    const { past } = get();
    const last = past.at(-1);
    if (last) set({ ...last, past: past.slice(0, -1) });
  },
}));
