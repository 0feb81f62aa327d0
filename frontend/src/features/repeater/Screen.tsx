import './commands';
import { Button } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Answer } from './Answer';
import { show, useActs } from './acts';
import { CurlDialog } from './CurlDialog';
import { keepEdits } from './edits';
import { History } from './History';
import { useForm, useHistory, useTabs } from './queries';
import { Request } from './Request';
import classes from './repeater.module.css';
import { useRepeater } from './store';
import { after, TabList } from './TabList';

/** Screen is the Repeater: requests that are changed and sent again. */
export default function Screen() {
  const { data, error, refetch } = useTabs();
  const asked = useNav((nav) => nav.params.tab);
  const shown = useRepeater((state) => state.tab);
  const [naming, setNaming] = useState('');
  const [curl, setCurl] = useState(false);
  const acts = useActs();
  useEffect(() => {
    if (!asked) return;
    useRepeater.setState({ tab: asked });
    void refetch();
  }, [asked, refetch]);
  useEffect(() => () => void keepEdits(), []);
  // Who comes with a request goes on by keyboard: Ctrl+Enter sends it.
  const panel = useRef<HTMLDivElement>(null);
  const ready = data !== undefined;
  useEffect(() => {
    if (asked && ready && !panel.current?.contains(document.activeElement)) panel.current?.focus();
  }, [asked, ready]);
  const tabs = data?.tabs ?? [];
  const tab = tabs.find((each) => each.id === shown) ?? tabs[0];
  // Where a request took the place of the button that made it, the keyboard would be nowhere.
  const current = tab?.id;
  useEffect(() => {
    if (current && document.activeElement === document.body) panel.current?.focus();
  }, [current]);
  const step = (by: number) => {
    const here = tabs.findIndex((each) => each.id === tab?.id);
    const next = tabs[(here + by + tabs.length) % tabs.length];
    if (next) void show(next.id);
  };
  useCommand('repeater.new', () => void acts.make());
  useCommand('repeater.reopen', () => void acts.reopen(), (data?.closed ?? 0) > 0);
  useCommand('repeater.close', () => tab && void acts.close(tab, after(tabs, tab.id)), tab !== undefined);
  useCommand('repeater.next', () => step(1), tabs.length > 1);
  useCommand('repeater.previous', () => step(-1), tabs.length > 1);
  useCommand('repeater.rename', () => tab && setNaming(tab.id), tab !== undefined);
  if (error) return <ErrorState error={error} onRetry={refetch} />;
  if (!data) return <Loading />;
  return (
    <div className={classes.screen} data-scope="repeater">
      <h1 className={classes.spoken}>{t('repeater.title')}</h1>
      {tab ? (
        <>
          <TabList
            tabs={tabs}
            groups={data.groups}
            closed={data.closed}
            current={tab.id}
            naming={naming}
            onName={setNaming}
            onCurl={() => setCurl(true)}
          />
          <div id="repeater-panel" className={classes.panel} ref={panel} tabIndex={-1}>
            <Work key={tab.id} tab={tab} />
          </div>
        </>
      ) : (
        <Empty closed={data.closed} onCurl={() => setCurl(true)} />
      )}
      <CurlDialog opened={curl} onClose={() => setCurl(false)} />
    </div>
  );
}

function Empty({ closed, onCurl }: { closed: number; onCurl(): void }) {
  const acts = useActs();
  return (
    <EmptyState
      icon={<IconRepeat size={36} />}
      title={t('repeater.empty.title')}
      text={t('repeater.empty.text')}
      actions={
        <>
          <Button onClick={() => useNav.getState().go('traffic')}>{t('repeater.empty.traffic')}</Button>
          <Button variant="default" onClick={onCurl}>
            {t('repeater.empty.curl')}
          </Button>
          <Button variant="default" onClick={() => void acts.make()}>
            {t('repeater.empty.new')}
          </Button>
          {closed > 0 && (
            <Button variant="default" onClick={() => void acts.reopen()}>
              {t('repeater.tabs.reopen', { n: closed })}
            </Button>
          )}
        </>
      }
    />
  );
}

function Work({ tab }: { tab: go.Tab }) {
  const form = useForm(tab.id);
  const history = useHistory(tab.id);
  const client = useQueryClient();
  const sent = history.data?.sent ?? [];
  const sending = history.data?.sending ?? 0;
  const latest = sent[0]?.n ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was sent changes what the list of tabs says
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['repeater', 'tabs'] });
    void client.invalidateQueries({ queryKey: ['repeater', 'form', tab.id] });
  }, [client, sending, latest, tab.id]);
  if (form.error) return <ErrorState error={form.error} onRetry={form.refetch} />;
  if (!form.data) return <Loading />;
  return (
    <div className={classes.work}>
      <Request form={form.data} sending={sending} />
      <Answer tab={form.data.tab} history={sent} sending={sending} />
      {history.error ? (
        <ErrorState error={history.error} onRetry={history.refetch} />
      ) : (
        <History tab={form.data.tab} history={sent} />
      )}
    </div>
  );
}
