import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconShieldCheck } from '@tabler/icons-react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { Split } from '../../frame/Split';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { useScale } from '../../theme/appearance';
import { Grid } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import panes from '../inventory/Panes.module.css';
import { Failed } from '../inventory/parts';
import { useListFocus } from '../inventory/useList';
import { useSortedList } from '../inventory/useSortedList';
import { removePolicy, switchPolicy } from './acts';
import { columns, falling, orders, spoken } from './columns';
import { Editor } from './Editor';
import { usePolicies, useRenewPolicies, useWritable } from './queries';
import { openNew, usePoliciesScreen } from './store';

const none: go.PolicyRow[] = [];

/** From this width on, a policy is written beside the list: it is long. */
const WIDE = 900;

/** Policies are all policies of the project, and the one that is open. */
export function Policies() {
  const { data, error, refetch } = usePolicies();
  const { open, draft, part } = usePoliciesScreen();
  const { ref, width } = useElementSize();
  const wide = width >= WIDE * useScale();
  const { list, focusList } = useListFocus();
  if (error) return <Failed error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={8} />;
  if (data.items.length === 0 && open !== 'new') return <Empty />;
  const row = data.items.find(({ id }) => id === open);
  return (
    <div ref={ref} className={panes.panes}>
      <Split
        label={t('policies.split')}
        wide={wide}
        part={part}
        onPart={(to) => usePoliciesScreen.setState({ part: to })}
        first={
          <div className={panes.list}>
            <div ref={list} className={base.fill}>
              {data.items.length === 0 ? (
                <EmptyState title={t('policies.empty.title')} text={t('policies.empty.first')} />
              ) : (
                <List items={data.items} focusList={focusList} />
              )}
            </div>
          </div>
        }
        second={
          row ? (
            <Editor key={row.id} form={row.form} row={row} onClose={focusList} />
          ) : open === 'new' ? (
            <Editor key="new" form={draft} onClose={focusList} />
          ) : null
        }
      />
    </div>
  );
}

function List({ items = none, focusList }: { items: go.PolicyRow[]; focusList(): void }) {
  const open = usePoliciesScreen((state) => state.open);
  const renew = useRenewPolicies();
  const writable = useWritable();
  const { here, rows } = useSortedList({
    feature: 'policies',
    items,
    orders,
    falling,
    open,
    onOpen: (id) => usePoliciesScreen.setState({ open: id }),
    focusList,
  });
  const can = !!here && writable;
  useCommand('policies.switch', () => here && void switchPolicy(here, !here.form.on, renew), can);
  useCommand('policies.remove', () => here && void removePolicy(here, renew), can);
  const act = (does: string, row: go.PolicyRow) => {
    if (does === 'rulings') usePoliciesScreen.setState({ tab: 'rulings', policy: row.id, action: '' });
    else if (writable) void switchPolicy(row, !row.form.on, renew);
  };
  return (
    <Grid
      name="policies"
      label={t('policies.list')}
      columns={columns}
      {...rows}
      spoken={spoken}
      onAct={act}
    />
  );
}

function Empty() {
  const writable = useWritable();
  return (
    <EmptyState
      icon={<IconShieldCheck size={40} />}
      title={t('policies.empty.title')}
      text={t('policies.empty.text')}
      actions={
        <>
          <Button onClick={() => usePoliciesScreen.setState({ presets: true })}>
            {t('policies.empty.presets')}
          </Button>
          <Button variant="default" disabled={!writable} onClick={() => openNew()}>
            {t('policies.add')}
          </Button>
        </>
      }
    />
  );
}
