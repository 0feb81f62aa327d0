import './commands';
import { Button, Tabs, VisuallyHidden } from '@mantine/core';
import { IconFlag } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { go } from '../../api';
import { useNav } from '../../frame/nav';
import { useOpenProject } from '../../frame/session';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import base from '../inventory/inventory.module.css';
import { Failed } from '../inventory/parts';
import screenClasses from '../inventory/Screen.module.css';
import { useListFocus } from '../inventory/useList';
import { useFreshThreats, useSummary as useThreatsSummary } from '../threats/queries';
import { place, begin as watchBegins } from '../threats/store';
import { Watch } from '../threats/Watch';
import { Covered } from './Coverage';
import { Detail } from './Detail';
import { Filters } from './Filters';
import { JudgedPanes } from './Judged';
import { judging, List } from './List';
import { useFindingPages, useFreshFindings, useSummary } from './queries';
import { begin, everything, setFilter, type Tab, tabs, useFindings } from './store';

// Another project has other findings and other threats.
function enter(project: string) {
  begin(project);
  watchBegins(project);
}

// What the screen is asked to show: findings of a target, a run, a severity or a state, or one finding; or of the watch.
function usePlace() {
  const params = useNav((nav) => nav.params);
  useOpenProject(enter);
  useEffect(() => {
    const { tab, finding, target, run, severity, state, owasp } = params;
    if (tab === 'watch') {
      useFindings.setState({ tab });
      place(params);
      return;
    }
    if (tab === 'tests' || finding || target || run || severity || state || owasp) {
      useFindings.setState({ tab: 'tests' });
    }
    if (target || run || severity || state || owasp) {
      setFilter({
        ...everything,
        targets: target ? [target] : [],
        run: run ?? '',
        severities: severity ? [severity] : [],
        states: state ? [state] : [],
        owasp: owasp ? [owasp] : [],
      });
    }
    if (finding) useFindings.setState({ open: finding });
  }, [params]);
}

/** The screen of what tests proved, and of what the watch sees in live and recorded traffic. */
export default function Screen() {
  usePlace();
  useFreshFindings();
  useFreshThreats();
  const tab = useFindings((state) => state.tab);
  const news = useThreatsSummary().data?.new ?? 0;
  return (
    <div className={screenClasses.screen} data-scope={tab === 'watch' ? 'threats' : 'findings'}>
      <VisuallyHidden component="h1">{t('findings.title')}</VisuallyHidden>
      <Tabs
        value={tab}
        onChange={(next) =>
          next && tabs.includes(next as Tab) && useNav.getState().go('findings', { tab: next })
        }
        keepMounted={false}
        className={screenClasses.tabs ?? ''}
      >
        <div className={screenClasses.top} data-pane="findings-tabs">
          <Tabs.List aria-label={t('findings.tabs')} className={screenClasses.tablist ?? ''}>
            <Tabs.Tab value="tests">{t('findings.tab.tests')}</Tabs.Tab>
            <Tabs.Tab value="watch">
              {t('findings.tab.watch')}
              {news > 0 && (
                <span className={base.badge} title={t('findings.tab.new', { n: news })}>
                  {news > 999 ? '999+' : news}
                </span>
              )}
            </Tabs.Tab>
          </Tabs.List>
        </div>
        <Tabs.Panel value={tab} className={screenClasses.panel ?? ''}>
          {tab === 'watch' ? <Watch /> : <Proven />}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

// What tests proved.
function Proven() {
  const summary = useSummary();
  if (summary.error) return <Failed error={summary.error} onRetry={() => void summary.refetch()} />;
  if (!summary.data) return <Loading rows={10} />;
  return summary.data.total === 0 ? <Empty summary={summary.data} /> : <Findings summary={summary.data} />;
}

function Findings({ summary }: { summary: go.FindingsSummary }) {
  const { filter, sort, desc, open } = useFindings();
  const pages = useFindingPages(filter, sort, desc);
  const { list, focusList } = useListFocus();
  return (
    <>
      <Filters summary={summary} total={pages.total} focusList={focusList} />
      <JudgedPanes
        words={judging.words}
        pages={pages}
        all={summary.total}
        list={list}
        detail={open ? <Detail key={open} id={open} onClose={focusList} /> : null}
        onEverything={() => setFilter(everything)}
      >
        <List pages={pages} focusList={focusList} />
      </JudgedPanes>
    </>
  );
}

// Said together with what was tested, so that it never reads as safe.
function Empty({ summary }: { summary: go.FindingsSummary }) {
  const { coverage, runs } = summary;
  const tested = coverage.filter(({ judged }) => judged > 0).length;
  const go = useNav.getState().go;
  return (
    <EmptyState
      icon={<IconFlag size={40} />}
      title={
        runs === 0
          ? t('findings.empty.nothingTested')
          : t('findings.empty.title', { tested, all: coverage.length })
      }
      text={
        <>
          <p>{runs === 0 ? t('findings.empty.never') : t('findings.empty.text')}</p>
          <Covered coverage={coverage} />
        </>
      }
      actions={
        <>
          <Button onClick={() => go('tests')}>{t('findings.empty.test')}</Button>
          <Button variant="default" onClick={() => go('models')}>
            {t('findings.empty.models')}
          </Button>
        </>
      }
    />
  );
}
