import { ActionIcon, Button, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconArrowDown, IconDots } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { useNav } from '../../frame/nav';
import { useSession } from '../../frame/session';
import { t } from '../../i18n';
import { useScale } from '../../theme/appearance';
import { ExchangeMenu } from '../actions/ExchangeMenu';
import { ExchangeDetail } from '../exchange/ExchangeDetail';
import { chosen, followOn, goTo, settle, show } from './controller';
import { Filter } from './Filter';
import { Grid } from './Grid';
import { live } from './live';
import { idOf } from './pages';
import classes from './Screen.module.css';
import { Split } from './Split';
import { Instead, Losses } from './States';
import { useTraffic } from './store';
import { act, useTrafficCommands } from './useCommands';
import { useLive } from './useLive';

const MarkPopover = lazy(async () => ({ default: (await import('./MarkPopover')).MarkPopover }));

/** From this width on, the detail stands beside the list. */
const WIDE = 1_600;

// Keeps the view fresh while the screen is there, and opens the one that is asked for.
function useView() {
  const params = useNav((nav) => nav.params);
  const { data: session } = useSession();
  const project = session?.project.path ?? '';
  useEffect(() => {
    const { query, id, all } = params;
    if (query !== undefined) useTraffic.setState({ text: query, query, filterOn: true });
    if (all !== undefined) useTraffic.setState({ all: all === 'true' });
    if (id) void goTo(id);
    else if (query !== undefined || all !== undefined || !live.snapshot().view) void show();
  }, [params]);
  const opened = useRef(project);
  useEffect(() => {
    if (opened.current && project !== opened.current) void live.reopen();
    opened.current = project;
  }, [project]);
  useEffect(() => {
    const stop = [live.follow(), live.onMove((from, by) => void settle(from, by))];
    return () => {
      for (const each of stop) each();
    };
  }, []);
}

/** The list of exchanges, and one of them in detail. */
export default function Screen() {
  useView();
  const { ref, width } = useElementSize();
  const scale = useScale();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const focusList = useCallback(() => {
    list.current?.querySelector<HTMLElement>('[role$="grid"]')?.focus({ preventScroll: true });
  }, []);
  useTrafficCommands(input, focusList);
  const detail = useTraffic((state) => state.detail);
  const id = useTraffic((state) => idOf(state.selection.key));
  return (
    <div ref={ref} className={classes.screen} data-scope="list">
      <VisuallyHidden component="h1">{t('traffic.title')}</VisuallyHidden>
      <Filter input={input} focusList={focusList} />
      <Losses />
      <Split
        wide={width >= WIDE * scale}
        first={
          <div ref={list} className={classes.list}>
            <List focusList={focusList} />
          </div>
        }
        second={detail && id ? <Detail id={id} /> : null}
      />
    </div>
  );
}

function useChosen(): string[] {
  const selection = useTraffic((state) => state.selection);
  return useMemo(() => chosen(selection), [selection]);
}

function List({ focusList }: { focusList(): void }) {
  const shown = useLive();
  const ids = useChosen();
  const popover = useTraffic((state) => state.popover);
  return (
    <>
      <ExchangeMenu ids={ids}>
        <Grid onAct={act} />
      </ExchangeMenu>
      <div className={classes.instead}>
        <Instead shown={shown} />
      </div>
      <FollowButton />
      {popover && (
        <Suspense>
          <MarkPopover onClosed={focusList} />
        </Suspense>
      )}
    </>
  );
}

function FollowButton() {
  const shown = useLive();
  const follow = useTraffic((state) => state.follow);
  const end = useTraffic((state) => state.end);
  const seen = useTraffic((state) => state.seen);
  const fresh = Math.max(0, shown.count - seen);
  if (follow || end || shown.count === 0) return null;
  return (
    <Button
      className={classes.follow ?? ''}
      size="compact-sm"
      variant={fresh > 0 ? 'filled' : 'default'}
      leftSection={<IconArrowDown size={14} />}
      onClick={followOn}
    >
      {fresh > 0 ? t('traffic.follow.new', { n: fresh }) : t('traffic.follow.button')}
    </Button>
  );
}

// A key that is held down runs through the list: the detail shows where it ends.
function Detail({ id }: { id: string }) {
  const calm = useDeferredValue(id);
  const view = useTraffic((state) => state.view);
  return (
    <div className={classes.detail} data-pane="traffic-detail">
      <div className={classes.corner}>
        <ExchangeMenu ids={[id]}>
          <ActionIcon variant="subtle" aria-label={t('traffic.menu')}>
            <IconDots size={17} />
          </ActionIcon>
        </ExchangeMenu>
      </div>
      <ExchangeDetail id={calm} view={view} onView={(next) => useTraffic.setState({ view: next })} />
    </div>
  );
}
