import { Button, TextInput } from '@mantine/core';
import { IconFilterOff, IconSitemap } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { useNav } from '../../frame/nav';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { openTraffic } from '../inventory/acts';
import { Grid } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { Panes } from '../inventory/Panes';
import { Chip, Failed } from '../inventory/parts';
import { useListFocus } from '../inventory/useList';
import { useSortedList } from '../inventory/useSortedList';
import { openFindings, testModel } from './acts';
import { columns, falling, orders, spoken } from './columns';
import { Detail } from './Detail';
import { Discovered } from './Discovered';
import classes from './models.module.css';
import { useModels } from './queries';
import { openImport, useModelsScreen } from './store';
import { isImported, stateWord } from './words';

const states = ['discovered', 'imported', 'tested'] as const;
const none: go.ModelRow[] = [];

/** Models are all models of the project, and the one that is open. */
export function Models() {
  const { data, error, refetch } = useModels();
  const items = data?.items ?? none;
  const open = useModelsScreen((state) => state.open);
  const { list, focusList } = useListFocus();
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Loading rows={10} />;
  if (items.length === 0) return <Empty />;
  const row = items.find(({ id }) => id === open);
  return (
    <>
      <Filter items={items} focusList={focusList} />
      <Panes
        first={
          <div ref={list} className={base.fill}>
            <List items={items} focusList={focusList} />
          </div>
        }
        second={
          row ? (
            isImported(row.state) ? (
              <Detail key={row.id} row={row} onClose={focusList} />
            ) : (
              <Discovered key={row.id} row={row} onClose={focusList} />
            )
          ) : null
        }
      />
    </>
  );
}

// The states with their numbers, and words that rows must have.
function Filter({ items, focusList }: { items: go.ModelRow[]; focusList(): void }) {
  const { state, text } = useModelsScreen();
  const input = useRef<HTMLInputElement>(null);
  useCommand('models.filter', () => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <search className={classes.filter} aria-label={t('models.filter.label')}>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div className={base.chips} role="group" aria-label={t('models.filter.states')}>
        <Chip
          label={t('models.filter.all')}
          n={items.length}
          pressed={state === ''}
          onPress={() => useModelsScreen.setState({ state: '' })}
        />
        {states.map((each) => (
          <Chip
            key={each}
            label={stateWord(each)}
            n={items.filter((row) => row.state === each).length}
            pressed={state === each}
            onPress={() => useModelsScreen.setState({ state: state === each ? '' : each })}
          />
        ))}
      </div>
      <TextInput
        ref={input}
        size="xs"
        type="search"
        className={classes.search ?? ''}
        aria-label={t('models.filter.text')}
        placeholder={t('models.filter.text')}
        value={text}
        onChange={(event) => useModelsScreen.setState({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.stopPropagation();
          if (event.key === 'Escape') useModelsScreen.setState({ text: '' });
          focusList();
        }}
      />
    </search>
  );
}

function matches(row: go.ModelRow, state: string, words: string[]): boolean {
  if (state && row.state !== state) return false;
  const all = [row.name, row.model, row.provider, row.host, ...row.clients, ...row.tools]
    .join(' ')
    .toLowerCase();
  return words.every((word) => all.includes(word));
}

function List({ items, focusList }: { items: go.ModelRow[]; focusList(): void }) {
  const { state, text, open } = useModelsScreen();
  const shown = useMemo(() => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return items.filter((row) => matches(row, state, words));
  }, [items, state, text]);
  const { here, rows } = useSortedList({
    feature: 'models',
    items: shown,
    orders,
    falling,
    open,
    onOpen: (id) => useModelsScreen.setState({ open: id }),
    focusList,
  });
  useCommand('models.traffic', () => openTraffic(here?.query ?? ''), !!here?.query);
  useCommand('models.test', () => here && testModel(here.id), !!here && isImported(here.state));
  if (shown.length === 0) {
    return (
      <EmptyState
        icon={<IconFilterOff size={40} />}
        title={t('models.noMatch.title')}
        text={t('models.noMatch.text', { n: items.length })}
        actions={
          <Button onClick={() => useModelsScreen.setState({ state: '', text: '' })}>
            {t('models.noMatch.clear')}
          </Button>
        }
      />
    );
  }
  return (
    <Grid
      name="models"
      label={t('models.list')}
      columns={columns}
      {...rows}
      spoken={spoken}
      onAct={(does, row) => (does === 'findings' ? openFindings(row.id) : openTraffic(row.query))}
    />
  );
}

function Empty() {
  return (
    <EmptyState
      icon={<IconSitemap size={40} />}
      title={t('models.empty.title')}
      text={t('models.empty.text')}
      actions={
        <>
          <Button onClick={() => openImport('provider')}>{t('models.add')}</Button>
          <Button variant="default" onClick={() => openImport('local')}>
            {t('models.empty.local')}
          </Button>
          <Button variant="default" onClick={() => useNav.getState().go('setup')}>
            {t('models.empty.connect')}
          </Button>
        </>
      }
    />
  );
}
