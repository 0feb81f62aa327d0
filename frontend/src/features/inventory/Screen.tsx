import './commands';
import { Button, Menu, Tabs, VisuallyHidden } from '@mantine/core';
import { IconDownload, IconFileText, IconListSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useNav } from '../../frame/nav';
import { useOpenProject } from '../../frame/session';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Assets } from './Assets';
import { exportInventory } from './acts';
import { CallMap } from './CallMap';
import { Changes } from './Changes';
import { Documents } from './Documents';
import { Endpoints } from './Endpoints';
import { endpoints } from './endpoints';
import { Head } from './Head';
import base from './inventory.module.css';
import { useOverview } from './overview';
import { Failed } from './parts';
import { useFresh } from './queries';
import classes from './Screen.module.css';
import { Sensitive } from './Sensitive';
import { begin, type Tab, tabs, useInventory } from './store';

// Another project has other endpoints.
function enter(project: string) {
  if (begin(project)) endpoints.forget();
}

// What the screen is asked to show: a tab, and what is open in it.
function usePlace() {
  const params = useNav((nav) => nav.params);
  useOpenProject(enter);
  useEffect(() => {
    const { tab, endpoint, asset, node, type, query, dialog } = params;
    useInventory.setState({
      ...(tab && tabs.includes(tab as Tab) ? { tab: tab as Tab } : {}),
      ...(endpoint !== undefined && { endpoint }),
      ...(asset !== undefined && { asset, kind: '' }),
      ...(node !== undefined && { node }),
      ...(type !== undefined && { type }),
      ...(query !== undefined && { text: query, query }),
      ...((dialog === 'documents' || dialog === 'types') && { dialog }),
    });
  }, [params]);
}

/** The inventory: every endpoint, model, tool and client that was seen, what they carry, and what changed. */
export default function Screen() {
  usePlace();
  useFresh();
  const tab = useInventory((state) => state.tab);
  const dialog = useInventory((state) => state.dialog);
  const overview = useOverview();
  const news = overview.data?.changes ?? 0;
  return (
    <div className={classes.screen} data-scope="inventory">
      <VisuallyHidden component="h1">{t('inventory.title')}</VisuallyHidden>
      <Tabs
        value={tab}
        onChange={(next) => next && useNav.getState().go('inventory', { tab: next })}
        keepMounted={false}
        className={classes.tabs ?? ''}
      >
        <div className={classes.top} data-pane="inventory-tabs">
          <Tabs.List aria-label={t('inventory.tabs')} className={classes.tablist ?? ''}>
            <Tabs.Tab value="endpoints">{t('inventory.tab.endpoints')}</Tabs.Tab>
            <Tabs.Tab value="assets">{t('inventory.tab.assets')}</Tabs.Tab>
            <Tabs.Tab value="sensitive">{t('inventory.tab.sensitive')}</Tabs.Tab>
            <Tabs.Tab value="changes">
              {t('inventory.tab.changes')}
              {news > 0 && (
                <span className={base.badge} title={t('inventory.changes.since', { n: news })}>
                  {news > 999 ? '999+' : news}
                </span>
              )}
            </Tabs.Tab>
            <Tabs.Tab value="map">{t('inventory.tab.map')}</Tabs.Tab>
          </Tabs.List>
          <Tools />
        </div>
        {overview.data && <Head overview={overview.data} />}
        <Tabs.Panel value={tab} className={classes.panel ?? ''}>
          <Content tab={tab} overview={overview} />
        </Tabs.Panel>
      </Tabs>
      {dialog === 'documents' && <Documents />}
    </div>
  );
}

function Content({ tab, overview }: { tab: Tab; overview: ReturnType<typeof useOverview> }) {
  if (overview.error) {
    return <Failed error={overview.error} onRetry={() => void overview.refetch()} />;
  }
  if (!overview.data) return <Loading rows={10} />;
  const { endpoints: count, assets, behind, documents } = overview.data;
  if (count === 0 && assets.length === 0 && documents === 0) return <Empty behind={behind > 0} />;
  return (
    <>
      {tab === 'endpoints' && <Endpoints overview={overview.data} />}
      {tab === 'assets' && <Assets overview={overview.data} />}
      {tab === 'sensitive' && <Sensitive />}
      {tab === 'changes' && <Changes />}
      {tab === 'map' && <CallMap />}
    </>
  );
}

// Nothing was recorded: what will be here, and how to begin.
function Empty({ behind }: { behind: boolean }) {
  if (behind) {
    return <EmptyState icon={<IconListSearch size={40} />} title={t('inventory.empty.behind')} />;
  }
  return (
    <EmptyState
      icon={<IconListSearch size={40} />}
      title={t('inventory.empty.title')}
      text={t('inventory.empty.text')}
      actions={
        <>
          <Button onClick={() => useNav.getState().go('setup')}>{t('inventory.empty.connect')}</Button>
          <Button variant="default" onClick={() => useNav.getState().go('setup', { section: 'import' })}>
            {t('inventory.empty.import')}
          </Button>
          <Button variant="default" onClick={() => useInventory.setState({ dialog: 'documents' })}>
            {t('inventory.empty.document')}
          </Button>
        </>
      }
    />
  );
}

function Tools() {
  const query = useInventory((state) => (state.tab === 'endpoints' ? state.query : ''));
  const save = (format: string) => () => void exportInventory(format, query);
  return (
    <div className={classes.tools}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconFileText size={15} />}
        onClick={() => useInventory.setState({ dialog: 'documents' })}
      >
        {t('inventory.documents.button')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="subtle" color="gray" size="compact-sm" leftSection={<IconDownload size={15} />}>
            {t('inventory.export.button')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{query ? t('inventory.export.some') : t('inventory.export.all')}</Menu.Label>
          <Menu.Item onClick={save('csv')}>{t('inventory.export.csv')}</Menu.Item>
          <Menu.Item onClick={save('json')}>{t('inventory.export.json')}</Menu.Item>
          <Menu.Item onClick={save('openapi')}>{t('inventory.export.openapi')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}
