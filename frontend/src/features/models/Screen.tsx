import './commands';
import { Button, Tabs, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { useOpenProject } from '../../frame/session';
import { t } from '../../i18n';
import base from '../inventory/Screen.module.css';
import { ImportPane } from './ImportPane';
import { Models } from './Models';
import { useFreshModels } from './queries';
import { Roles } from './Roles';
import { begin, openImport, type Tab, tabs, useModelsScreen, type Way, ways } from './store';

// What the screen is asked to show: a tab, a model, or an import.
function usePlace() {
  const params = useNav((nav) => nav.params);
  useOpenProject(begin);
  useEffect(() => {
    const { tab, model, add, exchange } = params;
    if (tab && tabs.includes(tab as Tab)) useModelsScreen.setState({ tab: tab as Tab });
    if (model) useModelsScreen.setState({ tab: 'models', open: model, importing: false });
    if (exchange) openImport('discovered', { from: `exchange:${exchange}` });
    else if (add !== undefined) openImport(ways.includes(add as Way) ? (add as Way) : 'provider');
  }, [params]);
}

/** The screen of the models that tests are sent to, and of the roles that tests can act as. */
export default function Screen() {
  usePlace();
  useFreshModels();
  const tab = useModelsScreen((state) => state.tab);
  const importing = useModelsScreen((state) => state.importing);
  const add = () => {
    useModelsScreen.setState({ tab: 'models' });
    openImport('provider');
  };
  useCommand('models.import', add);
  return (
    <div className={base.screen} data-scope="models">
      <VisuallyHidden component="h1">{t('models.title')}</VisuallyHidden>
      <Tabs
        value={tab}
        onChange={(next) => next && useModelsScreen.setState({ tab: next as Tab })}
        keepMounted={false}
        className={base.tabs ?? ''}
      >
        <div className={base.top} data-pane="models-tabs">
          <Tabs.List aria-label={t('models.tabs')} className={base.tablist ?? ''}>
            <Tabs.Tab value="models">{t('models.tab.models')}</Tabs.Tab>
            <Tabs.Tab value="roles">{t('models.tab.roles')}</Tabs.Tab>
          </Tabs.List>
          {tab === 'models' && !importing && (
            <Button size="compact-sm" leftSection={<IconPlus size={15} />} onClick={add}>
              {t('models.add')}
            </Button>
          )}
        </div>
        <Tabs.Panel value={tab} className={base.panel ?? ''}>
          {tab === 'roles' ? <Roles /> : importing ? <ImportPane /> : <Models />}
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
