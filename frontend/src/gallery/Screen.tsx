import { NativeSelect, Switch } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Suspense, useLayoutEffect, useMemo, useState } from 'react';
import { ErrorBoundary } from '../frame/ErrorBoundary';
import { setLanguage } from '../i18n';
import { useThemeName } from '../theme/ThemeProvider';
import { type ThemeName, themes } from '../theme/tokens';
import classes from './gallery.module.css';
import { stage } from './side';
import { type State, states } from './states';
import { type Story, stories } from './stories';

interface StageProps {
  story: Story;
  state: State;
  pseudo?: boolean;
}

/** Stage shows one story in one state, with a Go side of its own. It is keyed by all of them: nothing is left over. */
export function Stage({ story, state, pseudo = false }: StageProps) {
  const [ready, setReady] = useState(false);
  const queries = useMemo(
    () => new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } }),
    [],
  );
  useLayoutEffect(() => {
    const strike = stage(state);
    setLanguage(pseudo ? 'pseudo' : 'en');
    setReady(true);
    return () => {
      strike();
      setLanguage('en');
    };
  }, [state, pseudo]);
  if (!ready) return null;
  return (
    <QueryClientProvider client={queries}>
      <ErrorBoundary name={story.id}>
        <Suspense>
          <div data-story={story.id}>{story.show(state)}</div>
        </Suspense>
      </ErrorBoundary>
    </QueryClientProvider>
  );
}

/** The gallery: every component in every state, in three themes, in a language that finds hard-coded text. Not in releases. */
export default function Screen() {
  const [id, setId] = useState(stories[0]?.id ?? '');
  const [state, setState] = useState<State>('one');
  const [pseudo, setPseudo] = useState(false);
  const real = useThemeName();
  const [theme, setTheme] = useState<ThemeName>(real);
  useLayoutEffect(() => {
    const page = document.documentElement;
    page.dataset.theme = theme;
    return () => {
      page.dataset.theme = real;
    };
  }, [theme, real]);
  const story = stories.find((each) => each.id === id);
  return (
    <div className={classes.gallery}>
      <div className={classes.bar}>
        <NativeSelect
          label="Story"
          value={id}
          onChange={(event) => setId(event.currentTarget.value)}
          data={stories.map((each) => ({ value: each.id, label: each.title }))}
        />
        <NativeSelect
          label="State"
          value={state}
          onChange={(event) => setState(event.currentTarget.value as State)}
          data={Object.entries(states).map(([value, label]) => ({ value, label }))}
        />
        <NativeSelect
          label="Theme"
          value={theme}
          onChange={(event) => setTheme(event.currentTarget.value as ThemeName)}
          data={Object.keys(themes)}
        />
        <Switch
          label="Pseudo-language"
          checked={pseudo}
          onChange={(event) => setPseudo(event.currentTarget.checked)}
        />
      </div>
      <div className={classes.stage} dir={state === 'rtl' ? 'rtl' : 'ltr'}>
        {story && <Stage key={`${id} ${state} ${pseudo}`} story={story} state={state} pseudo={pseudo} />}
      </div>
    </div>
  );
}
