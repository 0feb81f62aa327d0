import { MantineProvider } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useLayoutEffect } from 'react';
import { appearanceDefaults, resolveTheme, rowHeight, useAppearance } from './appearance';
import { theme, variables } from './mantine';
import { type ThemeName, tokensCss } from './tokens';

/** useThemeName gives the theme that is shown now. */
export function useThemeName(): ThemeName {
  const choice = useAppearance((appearance) => appearance.theme);
  const dark = useMediaQuery('(prefers-color-scheme: dark)', true, { getInitialValueInEffect: false });
  const contrast = useMediaQuery('(prefers-contrast: more)', false, { getInitialValueInEffect: false });
  return resolveTheme(choice, { dark, contrast });
}

/** ThemeProvider brings the page in line with useAppearance and the system. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const name = useThemeName();
  const { density, fontSize, reduceMotion } = useAppearance();
  useLayoutEffect(() => {
    const page = document.documentElement;
    page.dataset.theme = name;
    page.dataset.density = density;
    page.toggleAttribute('data-reduce-motion', reduceMotion);
    page.style.fontSize = `${(16 * fontSize) / appearanceDefaults.fontSize}px`;
    page.style.setProperty('--as-scale', String(fontSize / appearanceDefaults.fontSize));
    page.style.setProperty('--as-row', `${rowHeight({ density, fontSize })}px`);
  }, [name, density, fontSize, reduceMotion]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      forceColorScheme={name === 'light' ? 'light' : 'dark'}
    >
      <style>{tokensCss()}</style>
      {children}
    </MantineProvider>
  );
}
