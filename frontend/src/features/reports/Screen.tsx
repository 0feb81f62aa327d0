import './commands';
import { Button, Tabs, VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconFileText, IconRefresh } from '@tabler/icons-react';
import { useEffect } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { Split } from '../../frame/Split';
import { useOpenProject } from '../../frame/session';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import base from '../inventory/inventory.module.css';
import { Failed } from '../inventory/parts';
import { Export } from './Export';
import { Form } from './Form';
import { Hidden, HiddenLine } from './Hidden';
import { Made } from './Made';
import { Preview } from './Preview';
import { useChoices, useKept, useMade, usePreview } from './queries';
import classes from './Screen.module.css';
import { anew, begin, type Tab, tabs, useReports, want } from './store';
import { values } from './words';

// What the screen is asked to show: a tab, or a report of something.
function usePlace() {
  const params = useNav((nav) => nav.params);
  useOpenProject(begin);
  useEffect(() => {
    const { tab, audience, run, against, target, severity, findings } = params;
    if (tab && tabs.includes(tab as Tab)) useReports.setState({ tab: tab as Tab });
    if (audience || run || against || target || severity || findings) {
      useReports.setState({ tab: 'preview' });
      want({
        ...(audience && { audience }),
        ...(run && { run }),
        ...(against && { against }),
        ...(target && { targets: [target] }),
        ...(severity && { least: severity }),
        ...(findings && { findings: findings.split(',') }),
      });
    }
  }, [params]);
}

/** The screen that makes reports: what is in them, for whom, what is hidden in them, and those that were made. */
export default function Screen() {
  usePlace();
  const choices = useChoices();
  const form = useReports((state) => state.form);
  useEffect(() => {
    const { form, wanted } = useReports.getState();
    if (choices.data && !form) {
      useReports.setState({ form: { ...choices.data.form, ...wanted }, wanted: {} });
    }
  }, [choices.data]);
  return (
    <div className={classes.screen} data-scope="reports">
      <VisuallyHidden component="h1">{t('reports.title')}</VisuallyHidden>
      {choices.error && !choices.data ? (
        <Failed error={choices.error} onRetry={() => void choices.refetch()} />
      ) : !choices.data || !form ? (
        <Loading rows={10} />
      ) : nothing(choices.data) ? (
        <Empty />
      ) : (
        <Reports choices={choices.data} form={form} />
      )}
    </div>
  );
}

// A report of nothing would only look like one.
const nothing = ({ findings, exchanges, models, runs }: go.ReportChoices) =>
  findings + exchanges + models + runs.length === 0;

function Empty() {
  const go = useNav.getState().go;
  return (
    <EmptyState
      icon={<IconFileText size={40} />}
      title={t('reports.empty.title')}
      text={t('reports.empty.text')}
      actions={
        <>
          <Button onClick={() => go('setup')}>{t('reports.empty.connect')}</Button>
          <Button variant="default" onClick={() => go('models')}>
            {t('reports.empty.model')}
          </Button>
        </>
      }
    />
  );
}

/** Narrower than this, the form stands above the preview, in pixels. */
const NARROW = 640;

function Reports({ choices, form }: { choices: go.ReportChoices; form: go.ReportForm }) {
  const part = useReports((state) => state.part);
  const { ref, width } = useElementSize();
  const unkept = useKept(choices.writable);
  const preview = usePreview();
  return (
    <div ref={ref} className={classes.whole}>
      <Split
        label={t('reports.split')}
        wide={width === 0 || width > NARROW}
        part={part}
        onPart={(to) => useReports.setState({ part: to })}
        first={<Form choices={choices} form={form} unkept={unkept} />}
        second={<Result choices={choices} form={form} preview={preview} />}
      />
    </div>
  );
}

interface ResultProps {
  choices: go.ReportChoices;
  form: go.ReportForm;
  preview: ReturnType<typeof usePreview>;
}

// What comes of it: the report, what is hidden in it, and those that were made.
function Result({ choices, form, preview }: ResultProps) {
  const tab = useReports((state) => state.tab);
  const set = (to: Tab) => useReports.setState({ tab: to });
  const made = useMade().data?.total ?? 0;
  const hidden = values(preview.data?.hidden ?? []).hidden;
  useCommand('reports.preview', () => set('preview'));
  useCommand('reports.hidden', () => set('hidden'));
  useCommand('reports.made', () => set('made'));
  useCommand('reports.refresh', anew);
  const names: Record<Tab, { name: string; n: number }> = {
    preview: { name: t('reports.tab.preview'), n: 0 },
    hidden: { name: t('reports.tab.hidden'), n: hidden },
    made: { name: t('reports.tab.made'), n: made },
  };
  return (
    <Tabs
      value={tab}
      onChange={(next) => next && set(next as Tab)}
      keepMounted={false}
      className={classes.result ?? ''}
    >
      <div className={classes.top} data-pane="reports-tabs">
        <Tabs.List aria-label={t('reports.tabs')} className={classes.tablist ?? ''}>
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {names[each].name}
              {names[each].n > 0 && <span className={base.n}>{names[each].n}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div className={classes.acts}>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconRefresh size={15} />}
            title={t('reports.refreshText')}
            onClick={anew}
          >
            {t('reports.refresh')}
          </Button>
        </div>
      </div>
      <Export choices={choices} form={form} preview={preview} />
      <Tabs.Panel value={tab} className={classes.panel ?? ''}>
        {tab === 'preview' && (
          <>
            <HiddenLine preview={preview.data} onOpen={() => set('hidden')} />
            <Preview preview={preview} />
          </>
        )}
        {tab === 'hidden' && <Hidden preview={preview} />}
        {tab === 'made' && <Made />}
      </Tabs.Panel>
    </Tabs>
  );
}
