// How the window looks: what the person chose, what the system says, and the page brought in line with both. This is
// the one place that keeps it; a copy in localStorage lets the first paint already be right.
import { create } from 'zustand';
import type { ThemeName } from './tokens';

type ThemeChoice = 'auto' | ThemeName;
type Density = 'compact' | 'comfortable';

export interface Appearance {
  theme: ThemeChoice;
  density: Density;
  /** size of ordinary text in pixels; everything else grows with it */
  fontSize: number;
  /** fewer movements, whatever the system says */
  reduceMotion: boolean;
}

export const appearanceDefaults: Appearance = {
  theme: 'auto',
  density: 'compact',
  fontSize: 13,
  reduceMotion: false,
};
export const fontSizes = { least: 10, most: 26 } as const;

const rowHeights: Record<Density, number> = { compact: 28, comfortable: 36 };
const storageKey = 'assay.appearance';

/** readAppearance makes whatever was stored (an older version, something broken) an Appearance. */
export function readAppearance(text: string | null): Appearance {
  let stored: Partial<Record<keyof Appearance, unknown>> = {};
  try {
    stored = (JSON.parse(text ?? '{}') as typeof stored | null) ?? {};
  } catch {
    // as if nothing was stored
  }
  const { theme, density, fontSize, reduceMotion } = appearanceDefaults;
  const themes: ThemeChoice[] = ['auto', 'dark', 'light', 'contrast'];
  return {
    theme: themes.find((name) => name === stored.theme) ?? theme,
    density: stored.density === 'comfortable' ? 'comfortable' : density,
    fontSize: typeof stored.fontSize === 'number' ? clampFont(stored.fontSize) : fontSize,
    reduceMotion: typeof stored.reduceMotion === 'boolean' ? stored.reduceMotion : reduceMotion,
  };
}

function clampFont(size: number): number {
  return Math.min(fontSizes.most, Math.max(fontSizes.least, Math.round(size)));
}

interface Store extends Appearance {
  set(change: Partial<Appearance>): void;
}

/** useAppearance holds the person's choice; set changes and keeps it. */
export const useAppearance = create<Store>((set, get) => ({
  ...readAppearance(localStorage.getItem(storageKey)),
  set(change) {
    set({ ...change, ...(change.fontSize === undefined ? {} : { fontSize: clampFont(change.fontSize) }) });
    const { theme, density, fontSize, reduceMotion } = get();
    localStorage.setItem(storageKey, JSON.stringify({ theme, density, fontSize, reduceMotion }));
  },
}));

/** resolveTheme gives the theme that a choice means on a system that asks for dark, for more contrast, or for neither. */
export function resolveTheme(choice: ThemeChoice, system: { dark: boolean; contrast: boolean }): ThemeName {
  if (choice !== 'auto') return choice;
  if (system.contrast) return 'contrast';
  return system.dark ? 'dark' : 'light';
}

/** useScale gives how many times its ordinary size text has. */
export function useScale(): number {
  return useAppearance(({ fontSize }) => fontSize / appearanceDefaults.fontSize);
}

/** rowHeight gives the height of a row of a list in pixels, as the variable --as-row has it. */
export function rowHeight({ density, fontSize }: Pick<Appearance, 'density' | 'fontSize'>): number {
  return Math.round((rowHeights[density] * fontSize) / appearanceDefaults.fontSize);
}
