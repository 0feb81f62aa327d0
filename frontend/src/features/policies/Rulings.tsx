import { Button, Select } from '@mantine/core';
import { IconFilterOff, IconGavel } from '@tabler/icons-react';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import base from '../inventory/inventory.module.css';
import { Failed } from '../inventory/parts';
import { useListFocus } from '../inventory/useList';
import { usePolicies, usePolicyWords, useRulings } from './queries';
import { RulingList } from './RulingList';
import classes from './Rulings.module.css';
import { usePoliciesScreen } from './store';
import { actionWord } from './words';

const clear = () => usePoliciesScreen.setState({ action: '', policy: '' });

/** Rulings are what the guard did, and what it would have done while it only monitored. */
export function Rulings() {
  const { action, policy } = usePoliciesScreen();
  const pages = useRulings(action, policy);
  const { list, focusList } = useListFocus();
  const { first, error } = pages;
  if (error) return <Failed error={error} />;
  if (!first) return <Loading rows={8} />;
  if (first.all === 0) {
    return (
      <EmptyState
        icon={<IconGavel size={40} />}
        title={t('policies.rulings.emptyTitle')}
        text={t('policies.rulings.emptyText')}
      />
    );
  }
  return (
    <>
      <Filter total={first.total} all={first.all} />
      <div ref={list} className={base.fillSide}>
        {first.total === 0 ? (
          <EmptyState
            icon={<IconFilterOff size={40} />}
            title={t('policies.rulings.noneTitle')}
            text={t('policies.rulings.noneText', { n: first.all })}
            actions={<Button onClick={clear}>{t('policies.rulings.clear')}</Button>}
          />
        ) : (
          <RulingList
            name="rulings"
            label={t('policies.rulings.list')}
            pages={pages}
            total={first.total}
            focusList={focusList}
          />
        )}
      </div>
    </>
  );
}

function Filter({ total, all }: { total: number; all: number }) {
  const { action, policy } = usePoliciesScreen();
  const actions = usePolicyWords().data?.actions ?? [];
  const policies = usePolicies().data?.items ?? [];
  return (
    <search className={classes.filter} aria-label={t('policies.rulings.filter')}>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div className={base.chips} role="group" aria-label={t('policies.rulings.byAction')}>
        {['', ...actions].map((each) => (
          <button
            key={each}
            type="button"
            className={base.chip}
            aria-pressed={action === each}
            onClick={() => usePoliciesScreen.setState({ action: each })}
          >
            {each ? actionWord(each) : t('policies.rulings.any')}
          </button>
        ))}
      </div>
      <Select
        size="xs"
        className={classes.policy ?? ''}
        aria-label={t('policies.rulings.byPolicy')}
        placeholder={t('policies.rulings.byPolicy')}
        data={policies.map(({ id, form }) => ({ value: id, label: form.name }))}
        value={policy || null}
        clearable
        searchable
        onChange={(next) => usePoliciesScreen.setState({ policy: next ?? '' })}
      />
      <span className={classes.count} role="status">
        {t('policies.rulings.count', { n: total, all })}
      </span>
    </search>
  );
}
