import './commands';
import { Button, Tabs, VisuallyHidden } from '@mantine/core';
import { IconPlus, IconTemplate } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { useOpenProject } from '../../frame/session';
import { t } from '../../i18n';
import base from '../inventory/Screen.module.css';
import { CheckText } from './CheckText';
import { ModeBar } from './Mode';
import { Outlets } from './Outlets';
import { Policies } from './Policies';
import { Presets } from './Presets';
import { Preview } from './Preview';
import { useFreshPolicies, useWritable } from './queries';
import { Rulings } from './Rulings';
import classes from './Screen.module.css';
import { begin, openNew, type Tab, tabs, usePoliciesScreen } from './store';

// What the screen is asked to show: a tab, a policy, or the rulings of one.
function usePlace() {
  const params = useNav((nav) => nav.params);
  useOpenProject(begin);
  useEffect(() => {
    const { tab, policy } = params;
    if (tab && tabs.includes(tab as Tab)) usePoliciesScreen.setState({ tab: tab as Tab });
    if (policy === 'new') openNew();
    else if (policy) usePoliciesScreen.setState({ tab: 'policies', presets: false, open: policy });
  }, [params]);
}

const titles: Record<Tab, () => string> = {
  policies: () => t('policies.tab.policies'),
  preview: () => t('policies.tab.preview'),
  check: () => t('policies.tab.check'),
  rulings: () => t('policies.tab.rulings'),
  outlets: () => t('policies.tab.outlets'),
};

const panels: Record<Tab, () => React.ReactNode> = {
  policies: () => <List />,
  preview: () => <Preview />,
  check: () => <CheckText />,
  rulings: () => <Rulings />,
  outlets: () => <Outlets />,
};

/** The screen of the guard: how far it goes, what it does with what, and what it did or would have done. */
export default function Screen() {
  usePlace();
  useFreshPolicies();
  const { tab, presets } = usePoliciesScreen();
  const writable = useWritable();
  useCommand('policies.add', () => openNew(), writable);
  useCommand('policies.presets', () => usePoliciesScreen.setState({ tab: 'policies', presets: true }));
  return (
    <div className={base.screen} data-scope="policies">
      <VisuallyHidden component="h1">{t('policies.title')}</VisuallyHidden>
      <ModeBar />
      <Tabs
        value={tab}
        onChange={(next) => next && usePoliciesScreen.setState({ tab: next as Tab })}
        keepMounted={false}
        className={base.tabs ?? ''}
      >
        <div className={base.top} data-pane="policies-tabs">
          <Tabs.List aria-label={t('policies.tabs')} className={base.tablist ?? ''}>
            {tabs.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {titles[each]()}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {tab === 'policies' && !presets && (
            <div className={classes.acts}>
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconTemplate size={15} />}
                onClick={() => usePoliciesScreen.setState({ presets: true })}
              >
                {t('policies.presets.button')}
              </Button>
              <Button
                size="compact-sm"
                leftSection={<IconPlus size={15} />}
                disabled={!writable}
                onClick={() => openNew()}
              >
                {t('policies.add')}
              </Button>
            </div>
          )}
        </div>
        <Tabs.Panel value={tab} className={base.panel ?? ''}>
          {panels[tab]()}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

function List() {
  const presets = usePoliciesScreen((state) => state.presets);
  return presets ? <Presets /> : <Policies />;
}
