import { Button, Loader, Tabs, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { useOpenProject, useSession, useSummary } from '../../frame/session';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import base from '../inventory/Screen.module.css';
import { Assets } from './Assets';
import { Coverage } from './Coverage';
import { Criticals } from './Criticals';
import { First } from './First';
import classes from './home.module.css';
import { Owasp } from './Owasp';
import { showAll } from './parted';
import { useFreshHome, useStood } from './queries';
import { Requirements } from './Requirements';
import { Score } from './Score';
import { ScoreCard } from './ScoreCard';
import { Seen } from './Seen';
import { Steps } from './Steps';
import { begin, type Tab, tabs, useHome } from './store';
import { Severities, Trend } from './Trend';
import { Why } from './Why';

// What the screen is asked to show: a tab, a part of the project, a framework or a requirement.
function usePlace() {
  const params = useNav((nav) => nav.params);
  useOpenProject(begin);
  useEffect(() => {
    const { tab, of, framework, requirement } = params;
    useHome.setState({
      ...(tab && tabs.includes(tab as Tab) ? { tab: tab as Tab } : {}),
      ...(of !== undefined && { of, name: of }),
      ...(framework && { framework, tab: 'coverage' as const }),
      ...(requirement && { requirement, state: '', tab: 'requirements' as const }),
    });
  }, [params]);
}

const titles: Record<Tab, () => string> = {
  overview: () => t('home.tab.overview'),
  coverage: () => t('home.tab.coverage'),
  requirements: () => t('home.tab.requirements'),
  score: () => t('home.tab.score'),
};

/** Home says how things stand: the score and why, what to do first, what was tested, what has to hold. */
export default function Screen() {
  usePlace();
  useFreshHome();
  const summary = useSummary();
  const stood = useStood().data;
  if (summary.isPending) return <Loading rows={10} />;
  if (summary.error) return <ErrorState error={summary.error} onRetry={() => summary.refetch()} />;
  const { exchanges, conversations, resent } = summary.data;
  const something = exchanges > 0 || (stood !== undefined && stood.models + stood.runs > 0);
  if (!something) return <Nothing summary={summary.data} />;
  const begun = conversations > 0 && (resent || (stood?.runs ?? 0) > 0);
  return <Stood summary={summary.data} begun={begun} />;
}

// Nothing was recorded: the way to the first proof.
function Nothing({ summary }: { summary: go.Summary }) {
  const session = useSession().data;
  return (
    <div className={classes.home} data-scope="home">
      <header className={classes.head}>
        <Title order={1}>{t('home.title')}</Title>
        {session?.capture.on && (
          <Text c="dimmed" className={classes.waiting ?? ''}>
            <Loader size={14} type="dots" /> {t('home.waiting')}
          </Text>
        )}
      </header>
      <Steps exchanges={0} conversations={0} resent={summary.resent} />
      <Text c="dimmed" size="sm">
        {t('home.later')}
      </Text>
    </div>
  );
}

function Stood({ summary, begun }: { summary: go.Summary; begun: boolean }) {
  const tab = useHome((home) => home.tab);
  const { exchanges, conversations } = summary;
  return (
    <div className={base.screen} data-scope="home">
      <Tabs
        value={tab}
        onChange={(next) => next && useHome.setState({ tab: next as Tab })}
        keepMounted={false}
        className={base.tabs ?? ''}
      >
        <div className={base.top} data-pane="home-tabs">
          <div className={classes.titled}>
            <Title order={1} size="h3">
              {t('home.title')}
            </Title>
            <Tabs.List aria-label={t('home.tabs')} className={base.tablist ?? ''}>
              {tabs.map((each) => (
                <Tabs.Tab key={each} value={each}>
                  {titles[each]()}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </div>
          <Text c="dimmed" size="xs">
            {t('home.counts', { exchanges, conversations })}
          </Text>
        </div>
        <Tabs.Panel value={tab} className={base.panel ?? ''}>
          {tab === 'overview' && <Overview summary={summary} begun={begun} />}
          {tab === 'coverage' && <Coverage />}
          {tab === 'requirements' && (
            <div className={classes.scroll} data-pane="home-requirements">
              <Requirements />
            </div>
          )}
          {tab === 'score' && (
            <div className={classes.scroll} data-pane="home-score">
              <Part />
              <Score />
            </div>
          )}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function Overview({ summary, begun }: { summary: go.Summary; begun: boolean }) {
  const of = useHome((home) => home.of);
  const { exchanges, conversations, resent } = summary;
  return (
    <div className={classes.scroll} data-pane="home-overview">
      <Part />
      <div className={classes.overview}>
        {!begun && <Steps exchanges={exchanges} conversations={conversations} resent={resent} />}
        <div className={classes.halves}>
          <ScoreCard />
          <Why />
        </div>
        <div className={classes.thirds}>
          <First />
          {of === '' && (
            <div className={classes.stack}>
              <Criticals />
              <Assets most={7} />
            </div>
          )}
        </div>
        <Owasp />
        {of === '' && (
          <>
            <div className={classes.halves}>
              <Trend />
              <Severities />
            </div>
            <Seen />
          </>
        )}
      </div>
    </div>
  );
}

// That only a part is shown, and the way back.
function Part() {
  const { of, name } = useHome();
  if (of === '') return null;
  return (
    <p className={classes.part} role="status">
      <span>
        {t('home.part.only')}{' '}
        <strong>
          <Visible text={name} />
        </strong>
      </span>
      <Button size="compact-sm" variant="default" onClick={showAll}>
        {t('home.part.all')}
      </Button>
    </p>
  );
}
