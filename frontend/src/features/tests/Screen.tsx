import './commands';
import { Tabs, VisuallyHidden } from '@mantine/core';
import { useEffect } from 'react';
import { useNav } from '../../frame/nav';
import { useOpenProject } from '../../frame/session';
import { t } from '../../i18n';
import frame from '../inventory/inventory.module.css';
import screenClasses from '../inventory/Screen.module.css';
import { Library } from './Library';
import { Plan } from './Plan';
import { useRunning } from './queries';
import { Run } from './Run';
import { Runs } from './Runs';
import { allCases, begin, type Look, looks, setPlan, type Tab, tabs, useTests } from './store';

// What the screen is asked to show: a tab, and what is open in it.
function usePlace() {
  const params = useNav((nav) => nav.params);
  useOpenProject(begin);
  useEffect(() => {
    const { tab, template, run, look, before, target } = params;
    const shown = tab ?? (target ? 'plan' : run ? 'runs' : undefined);
    const now = useTests.getState();
    if (target) setPlan({ targets: [target] });
    useTests.setState({
      ...(shown && tabs.includes(shown as Tab) ? { tab: shown as Tab } : {}),
      ...(template !== undefined && { template, file: '' }),
      ...(run !== undefined && { run }),
      ...(run && run !== now.run && { filter: allCases, case: 0, look: 'cases', before: '' }),
      ...(look && looks.includes(look as Look) ? { look: look as Look } : {}),
      ...(before !== undefined && { before }),
      ...(params.case !== undefined && { case: Number(params.case) || 0 }),
    });
  }, [params]);
}

/** The tests: the library of attacks, the plan of what is sent, and the runs with what they came to. */
export default function Screen() {
  usePlace();
  const tab = useTests((state) => state.tab);
  const run = useTests((state) => state.run);
  const running = useRunning().data?.runs.length ?? 0;
  const go = (to: string) => {
    // The tab of the runs leads back to their list
    useNav.getState().go('tests', to === 'runs' && tab === 'runs' ? { tab: to, run: '' } : { tab: to });
  };
  return (
    <div className={screenClasses.screen} data-scope="tests">
      <VisuallyHidden component="h1">{t('tests.title')}</VisuallyHidden>
      <Tabs
        value={tab}
        onChange={(next) => next && go(next)}
        keepMounted={false}
        className={screenClasses.tabs ?? ''}
      >
        <div className={screenClasses.top} data-pane="tests-tabs">
          <Tabs.List aria-label={t('tests.tabs')} className={screenClasses.tablist ?? ''}>
            <Tabs.Tab value="library">{t('tests.tab.library')}</Tabs.Tab>
            <Tabs.Tab value="plan">{t('tests.tab.plan')}</Tabs.Tab>
            <Tabs.Tab value="runs" onClick={() => tab === 'runs' && run && go('runs')}>
              {t('tests.tab.runs')}
              {running > 0 && (
                <span className={frame.badge} title={t('tests.runs.atWork', { n: running })}>
                  {running}
                </span>
              )}
            </Tabs.Tab>
          </Tabs.List>
        </div>
        <Tabs.Panel value={tab} className={screenClasses.panel ?? ''}>
          {tab === 'library' && <Library />}
          {tab === 'plan' && <Plan />}
          {tab === 'runs' && (run ? <Run id={run} key={run} /> : <Runs />)}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
