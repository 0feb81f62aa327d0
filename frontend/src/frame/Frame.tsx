import './commands';
import { useMediaQuery } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { onMenu } from '../api';
import { runCommand } from '../commands';
import { listenForKeys } from '../commands/listen';
import { Palette } from '../commands/Palette';
import { Sheet } from '../commands/Sheet';
import { Approvals } from '../features/policies/Approvals';
import { syncSettings } from '../features/settings/sync';
import { t } from '../i18n';
import { useScale } from '../theme/appearance';
import { Banners } from './Banners';
import { ErrorBoundary } from './ErrorBoundary';
import classes from './frame.module.css';
import { guardWindow } from './guard';
import { NoProject } from './NoProject';
import { type ScreenId, useNav } from './nav';
import { PathPrompt } from './PathPrompt';
import { Rail } from './Rail';
import { StatusBar } from './StatusBar';
import { loadScreens, screens } from './screens';
import { useSession, useSessionPulse } from './session';
import { TopBar } from './TopBar';
import { ErrorState, Loading } from './ui';
import { useFirstScreen } from './useFirstScreen';
import { useFrameCommands } from './useFrameCommands';

/** Frame is the window: rail, top bar, the screen a person is on, status bar, and what lies over all of it. */
export function Frame() {
  useSessionPulse();
  useFrameCommands();
  useEffect(listenForKeys, []);
  useEffect(guardWindow, []);
  useEffect(syncSettings, []);
  useEffect(() => onMenu(runCommand), []);
  const ready = useFirstScreen();
  const narrow = useNarrow();
  return (
    <div className={classes.frame} data-narrow={narrow || undefined}>
      <button
        type="button"
        className={classes.skip}
        onClick={() => document.getElementById('screen')?.focus()}
      >
        {t('frame.skip')}
      </button>
      <Rail narrow={narrow} />
      <TopBar />
      <div className={classes.middle}>
        <Banners />
        <main id="screen" className={classes.screen} data-pane="screen" tabIndex={-1}>
          {ready ? <Screen /> : <Waiting />}
        </main>
      </div>
      <StatusBar />
      <Palette />
      <Sheet />
      <PathPrompt />
      <Approvals />
    </div>
  );
}

// Larger text is as good as a smaller window.
function useNarrow(): boolean {
  return useMediaQuery(`(width < ${1100 * useScale()}px)`, false, { getInitialValueInEffect: false });
}

/** Waiting is shown until the Go side has answered once. */
function Waiting() {
  const session = useSession();
  if (session.error) return <ErrorState error={session.error} onRetry={() => session.refetch()} />;
  return <Loading rows={8} />;
}

// What works without a project.
const free: readonly ScreenId[] = ['settings', 'gallery'];

function Screen() {
  const screen = useNav((nav) => nav.screen);
  const project = useSession().data?.project;
  useEffect(() => {
    const later = setTimeout(loadScreens, 200);
    return () => clearTimeout(later);
  }, []);
  const Content = screens[screen];
  if (!Content) return null;
  if (project && !project.open && !free.includes(screen)) return <NoProject fault={project.fault} />;
  // With another project every screen begins anew.
  return (
    <ErrorBoundary key={`${screen} ${project?.path ?? ''}`} name={screen}>
      <Suspense fallback={<Loading rows={8} />}>
        <Content />
      </Suspense>
    </ErrorBoundary>
  );
}
