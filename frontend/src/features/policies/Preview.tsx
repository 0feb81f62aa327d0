import { Alert, Button, MultiSelect, Progress } from '@mantine/core';
import { IconEyeSearch, IconInfoCircle, IconPlayerStop, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { tried } from '../actions/act';
import base from '../inventory/inventory.module.css';
import { Chip, Failed } from '../inventory/parts';
import { useListFocus } from '../inventory/useList';
import type { Pages } from '../inventory/usePages';
import classes from './Preview.module.css';
import { Action } from './parts';
import { usePolicies, usePreviewed, useRenewPreview } from './queries';
import { RulingList } from './RulingList';
import { usePoliciesScreen } from './store';
import { Where } from './Where';
import { actionWord } from './words';

/** Preview is what policies would have done with the recorded traffic. It changes nothing. */
export function Preview() {
  const previewed = usePoliciesScreen((state) => state.previewed);
  const pages = usePreviewed(previewed);
  if (pages.error) return <Failed error={pages.error} />;
  return (
    <div className={base.column} data-pane="policies-preview">
      <Ask running={pages.first?.state === 'running'} />
      {!pages.first ? <Loading rows={6} /> : <Result out={pages.first} pages={pages} />}
    </div>
  );
}

// Which policies are asked about which traffic.
function Ask({ running }: { running: boolean }) {
  const { asked, tried: draft, filter } = usePoliciesScreen();
  const items = usePolicies().data?.items ?? [];
  const [failed, setFailed] = useState<unknown>(null);
  const renew = useRenewPreview();
  const known = asked.filter((id) => items.some((item) => item.id === id));
  const on = items.filter(({ form }) => form.on).length;
  const some = !!draft || known.length > 0 || on > 0;
  const start = async () => {
    setFailed(null);
    usePoliciesScreen.setState({ previewed: '' });
    try {
      await api.policies.Preview({
        asked: { ids: draft ? [] : known, drafts: draft ? [draft] : [] },
        filter,
      });
      await renew();
    } catch (reason) {
      setFailed(reason);
    }
  };
  useCommand('policies.submit', () => void start(), some && !running);
  return (
    <form
      className={classes.ask}
      aria-label={t('policies.preview.title')}
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <p className={base.nothing}>{t('policies.preview.text')}</p>
      <div className={classes.fields}>
        {draft ? (
          <Draft draft={draft} />
        ) : (
          <MultiSelect
            className={classes.which ?? ''}
            label={t('policies.preview.which')}
            placeholder={known.length === 0 ? t('policies.preview.thoseOn', { n: on }) : ''}
            data={items.map(({ id, form }) => ({ value: id, label: form.name }))}
            value={known}
            searchable
            clearable
            hidePickedOptions
            onChange={(ids) => usePoliciesScreen.setState({ asked: ids })}
          />
        )}
        <div className={classes.where}>
          <Where
            label={t('policies.preview.filter')}
            text={t('policies.preview.filterText')}
            value={filter}
            onChange={(next) => usePoliciesScreen.setState({ filter: next })}
          />
        </div>
        <Button
          type="submit"
          className={classes.go ?? ''}
          leftSection={<IconEyeSearch size={15} />}
          disabled={!some || running}
        >
          {t('policies.preview.start')}
        </Button>
      </div>
      {failed !== null && <ErrorState error={failed} />}
      {!some && <p className={base.nothing}>{t('policies.preview.noneOn')}</p>}
    </form>
  );
}

// A policy that is not kept as it is asked.
function Draft({ draft }: { draft: go.PolicyForm }) {
  return (
    <div className={classes.which}>
      <span className={classes.label}>{t('policies.preview.which')}</span>
      <span className={classes.draft}>
        <Action action={draft.action} /> <Visible text={draft.name} />
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconX size={13} />}
          onClick={() => usePoliciesScreen.setState({ tried: null })}
        >
          {t('policies.preview.others')}
        </Button>
      </span>
    </div>
  );
}

function Result({ out, pages }: { out: go.PreviewOut; pages: Pages<go.RulingRow> }) {
  const { list, focusList } = useListFocus();
  if (out.state === 'none') {
    return (
      <EmptyState
        icon={<IconEyeSearch size={40} />}
        title={t('policies.preview.emptyTitle')}
        text={t('policies.preview.emptyText')}
      />
    );
  }
  const all = out.actions.reduce((sum, { n }) => sum + n, 0);
  return (
    <>
      <Sum out={out} all={all} />
      {out.state === 'failed' && (
        <Alert className={classes.fault ?? ''} color="red" title={out.fault.message} role="alert">
          {out.fault.hint}
        </Alert>
      )}
      <div ref={list} className={base.fillSide}>
        {all > 0 ? (
          <RulingList
            name="previewed"
            label={t('policies.preview.list')}
            pages={pages}
            total={out.total}
            preview
            focusList={focusList}
          />
        ) : out.state === 'running' ? null : (
          <EmptyState title={t('policies.preview.nothing')} text={t('policies.preview.nothingText')} />
        )}
      </div>
    </>
  );
}

function Sum({ out, all }: { out: go.PreviewOut; all: number }) {
  const previewed = usePoliciesScreen((state) => state.previewed);
  const renew = useRenewPreview();
  const stop = () =>
    tried(async () => {
      await api.session.EndJob({ id: out.job });
      await renew();
    });
  return (
    <div className={classes.sum}>
      {out.state === 'running' && (
        <div className={classes.progress}>
          <Progress
            className={classes.bar ?? ''}
            value={out.all > 0 ? (100 * out.exchanges) / out.all : 0}
            aria-label={t('policies.preview.progress')}
          />
          <span>{t('policies.preview.so', { n: out.exchanges, all: out.all })}</span>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlayerStop size={14} />}
            onClick={() => void stop()}
          >
            {t('policies.preview.stop')}
          </Button>
        </div>
      )}
      <p className={classes.said} role="status">
        <IconInfoCircle size={15} aria-hidden />{' '}
        {t('policies.preview.sum', {
          state: out.state,
          n: out.exchanges,
          touched: out.touched,
          rulings: all,
        })}
        {out.left > 0 && ` ${t('policies.preview.left', { n: out.left })}`}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div className={classes.chips} role="group" aria-label={t('policies.rulings.byAction')}>
        <Chip
          label={t('policies.rulings.any')}
          n={all}
          pressed={previewed === ''}
          onPress={() => usePoliciesScreen.setState({ previewed: '' })}
        />
        {out.actions.map(({ action, n }) => (
          <Chip
            key={action}
            label={actionWord(action)}
            n={n}
            pressed={previewed === action}
            onPress={() => usePoliciesScreen.setState({ previewed: action })}
          />
        ))}
      </div>
      <ul className={classes.policies} aria-label={t('policies.preview.byPolicy')}>
        {out.policies.map(({ id, name, action, rulings }) => (
          <li key={`${id} ${name}`}>
            <Action action={action} /> <Visible text={name} /> <strong>{formatNumber(rulings)}</strong>
          </li>
        ))}
      </ul>
    </div>
  );
}
