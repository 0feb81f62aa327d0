import { Button } from '@mantine/core';
import { IconAdjustments, IconShieldCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { Text } from '../traffic/Text';
import { openEndpoint, openTraffic } from './acts';
import { type Column, Grid } from './Grid';
import base from './inventory.module.css';
import { whereOf } from './Places';
import { Failed, RowCount } from './parts';
import classes from './Sensitive.module.css';
import { useInventory } from './store';
import { Types } from './Types';
import { useKeyboardHere, useListFocus, useListKeys } from './useList';
import { usePlaces } from './usePlaces';
import { accessWord, classWord } from './words';

/** Sensitive shows which sensitive data travels, and where. */
export function Sensitive() {
  const type = useInventory((state) => state.type);
  const dialog = useInventory((state) => state.dialog);
  const places = usePlaces(type);
  const { list, focusList } = useListFocus();
  return (
    <div className={base.sides}>
      <TypeList types={places.types} type={type} />
      <div ref={list} className={base.fillSide}>
        <PlaceList key={type} places={places} focusList={focusList} />
      </div>
      {dialog === 'types' && <Types />}
    </div>
  );
}

const classOrder = ['secret', 'personal', 'payload'];

function TypeList({ types, type }: { types: go.TypeCount[] | undefined; type: string }) {
  const groups = useMemo(() => {
    const names = new Set([...classOrder, ...(types ?? []).map((each) => each.class)]);
    return [...names]
      .map((name) => ({ name, types: (types ?? []).filter((each) => each.class === name) }))
      .filter((group) => group.types.length > 0);
  }, [types]);
  const choose = (next: string) => useInventory.setState({ type: next });
  return (
    <nav className={classes.side} data-pane="inventory-types" aria-label={t('inventory.types.label')}>
      <div className={classes.typeRow}>
        <button
          type="button"
          className={classes.typeButton}
          aria-current={type === '' ? 'true' : undefined}
          onClick={() => choose('')}
        >
          {t('inventory.types.all')}
        </button>
      </div>
      {groups.map(({ name, types: members }) => (
        <div key={name}>
          <h2 className={base.sideHead}>{classWord(name)}</h2>
          {members.map((each) => (
            <div key={each.type} className={classes.typeRow}>
              <button
                type="button"
                className={classes.typeButton}
                aria-current={each.type === type ? 'true' : undefined}
                onClick={() => choose(each.type)}
              >
                <span className={base.cut}>
                  <Visible text={each.type} />
                </span>
                {each.custom && <span className={base.tag}>{t('inventory.types.own')}</span>}
                <span className={classes.typeN} title={t('inventory.types.places', { n: each.places })}>
                  {formatNumber(each.places)}
                </span>
              </button>
            </div>
          ))}
        </div>
      ))}
      <div className={classes.sideFoot}>
        <Button
          variant="default"
          fullWidth
          leftSection={<IconAdjustments size={15} />}
          onClick={() => useInventory.setState({ dialog: 'types' })}
        >
          {t('inventory.types.button')}
        </Button>
      </div>
    </nav>
  );
}

function PlaceList({ places, focusList }: { places: ReturnType<typeof usePlaces>; focusList(): void }) {
  const [cursor, setCursor] = useState(-1);
  const { count, at, want, error, retry, busy, types } = places;
  const columns = useMemo(columnsOf, []);
  const show = (index: number) => {
    const place = at(index);
    if (place) openEndpoint(place.endpoint);
  };
  useListKeys({
    feature: 'inventory',
    count: count ?? 0,
    cursor,
    onMove: setCursor,
    onOpen: show,
    onClose: null,
  });
  useCommand('inventory.traffic', () => openTraffic(at(cursor)?.query ?? ''), cursor >= 0);
  useKeyboardHere(focusList);
  if (error) {
    return <Failed error={error} onRetry={retry} />;
  }
  if (count === undefined) return <Loading rows={10} />;
  if (count === 0 && (types ?? []).length === 0) {
    return (
      <EmptyState
        icon={<IconShieldCheck size={40} />}
        title={t('inventory.sensitive.emptyTitle')}
        text={t('inventory.sensitive.emptyText')}
      />
    );
  }
  return (
    <Grid
      name="places"
      label={t('inventory.sensitive.list')}
      columns={columns}
      count={count}
      at={at}
      keyOf={({ id }) => id}
      spoken={spoken}
      cursor={cursor}
      busy={busy}
      onWant={want}
      onMove={setCursor}
      onOpen={show}
      onAct={(does, place) => (does === 'endpoint' ? openEndpoint(place.endpoint) : openTraffic(place.query))}
    />
  );
}

const columnsOf = (): Column<go.SensitivePlace>[] => [
  {
    id: 'type',
    title: () => t('inventory.column.type'),
    width: 9.25,
    cell: ({ type }) => <Text text={type} />,
  },
  {
    id: 'endpoint',
    title: () => t('inventory.column.endpoint'),
    width: 10.5,
    grow: true,
    cell: ({ label }) => (
      <button type="button" tabIndex={-1} data-do="endpoint" className={classes.cellLink} title={label}>
        <Text text={label} />
      </button>
    ),
  },
  {
    id: 'access',
    title: () => t('inventory.column.access'),
    width: 6,
    cell: ({ access }) => (access ? accessWord(access) : null),
  },
  {
    id: 'where',
    title: () => t('inventory.column.direction'),
    width: 6.5,
    cell: (place) => <Text text={whereOf(place)} />,
  },
  {
    id: 'path',
    title: () => t('inventory.column.place'),
    width: 7.5,
    cell: ({ path }) => (
      <span className={base.mono} title={path}>
        <Text text={path} />
      </span>
    ),
  },
  {
    id: 'sample',
    title: () => t('inventory.column.sample'),
    width: 10,
    cell: ({ sample }) => (
      <span className={base.mono}>
        <Text text={sample} />
      </span>
    ),
  },
  {
    id: 'sure',
    title: () => t('inventory.column.confidence'),
    width: 3.25,
    end: true,
    cell: ({ confidence }) => t('inventory.percent', { part: confidence }),
  },
  {
    id: 'count',
    title: () => t('inventory.column.count'),
    width: 3.5,
    end: true,
    cell: ({ count, query }) => <RowCount n={count} query={query} />,
  },
];

function spoken(place: go.SensitivePlace): string {
  const parts = [
    place.type,
    classWord(place.class),
    place.label,
    whereOf(place),
    place.path,
    t('inventory.place.sure', { part: place.confidence }),
    t('inventory.count.spoken', { n: formatNumber(place.count) }),
  ];
  return parts.filter(Boolean).join(', ');
}
