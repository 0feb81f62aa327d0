import { ActionIcon, Button } from '@mantine/core';
import { IconArrowMerge, IconFilterOff, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { merge, openTraffic } from './acts';
import { columnsOf, spoken } from './columns';
import { EndpointDetail } from './EndpointDetail';
import classes from './Endpoints.module.css';
import { endpoints, useEndpoints } from './endpoints';
import { Filter } from './Filter';
import { Grid } from './Grid';
import base from './inventory.module.css';
import { Panes } from './Panes';
import { Failed } from './parts';
import { useRenew } from './queries';
import { type Sort, useInventory } from './store';
import { useKeyboardHere, useListFocus, useListKeys } from './useList';

// Numbers and moments begin with the largest, words with A.
const falling: readonly string[] = ['risk', 'count', 'first', 'last', 'new'];

/** most rows that are chosen together */
const MOST = 500;

/** Endpoints is the list of endpoints with its filter, and the one that is open. */
export function Endpoints({ overview }: { overview: go.OverviewOut }) {
  const shown = useEndpoints();
  const { query, sort, desc, project } = useInventory();
  const open = useInventory((state) => state.endpoint);
  const input = useRef<HTMLInputElement>(null);
  const { list, focusList } = useListFocus();
  // biome-ignore lint/correctness/useExhaustiveDependencies: of another project it is another list
  useEffect(() => void endpoints.open({ query, sort, desc }), [query, sort, desc, project]);
  useCommand('inventory.filter', () => {
    input.current?.focus();
    input.current?.select();
  });
  return (
    <>
      <Filter input={input} focusList={focusList} shown={shown} />
      <Panes
        first={
          <div ref={list} className={base.fill}>
            <List shown={shown} overview={overview} focusList={focusList} />
          </div>
        }
        second={open ? <EndpointDetail id={open} onClose={focusList} /> : null}
      />
    </>
  );
}

interface ListProps {
  shown: ReturnType<typeof useEndpoints>;
  overview: go.OverviewOut;
  focusList(): void;
}

// Where the keyboard is in the list, what is chosen, and what the keys do.
function useWalk(shown: ListProps['shown'], focusList: () => void) {
  const picked = useInventory((state) => state.picked);
  const open = useInventory((state) => state.endpoint);
  const [cursor, setCursor] = useState(-1);
  const anchor = useRef(-1);
  useKept(shown.version, cursor, setCursor);
  const at = useCallback((index: number) => endpoints.at(index), []);
  const move = async (index: number, { ctrl, shift }: { ctrl: boolean; shift: boolean }) => {
    setCursor(index);
    const id = at(index)?.id;
    if (shift) {
      const from = anchor.current < 0 ? index : anchor.current;
      const [first, end] = [Math.min(from, index), Math.max(from, index) + 1];
      const rows = await endpoints.rows(first, Math.min(end, first + MOST));
      useInventory.setState({ picked: new Set(rows.map((row) => row.id)) });
      return;
    }
    anchor.current = index;
    if (!id) return;
    const next = new Set(ctrl ? picked : []);
    if (!ctrl || !next.delete(id)) next.add(id);
    useInventory.setState({ picked: next });
    if (open && !ctrl) useInventory.setState({ endpoint: id });
  };
  const show = (index: number) => {
    const id = at(index)?.id;
    if (id) useInventory.setState({ endpoint: id });
  };
  const close = () => {
    useInventory.setState({ endpoint: '' });
    focusList();
  };
  useListKeys({
    feature: 'inventory',
    count: shown.count,
    cursor,
    onMove: (index) => void move(index, still),
    onOpen: show,
    onClose: open ? close : null,
  });
  useCommand('inventory.traffic', () => openTraffic(at(cursor)?.query ?? ''), cursor >= 0);
  useKeyboardHere(focusList);
  return { cursor, picked, at, move, show };
}

function List({ shown, overview, focusList }: ListProps) {
  const { sort, desc, query } = useInventory();
  const { cursor, picked, at, move, show } = useWalk(shown, focusList);
  const want = useCallback((first: number, end: number) => endpoints.want(first, end), []);
  const columns = useMemo(() => columnsOf(overview.documents > 0), [overview.documents]);
  const sorting = useMemo(
    () => ({
      by: sort,
      desc,
      onSort: (by: string) =>
        useInventory.setState({
          sort: by as Sort,
          desc: by === sort ? !desc : falling.includes(by),
        }),
    }),
    [sort, desc],
  );
  if (shown.error) {
    return <Failed error={shown.error} onRetry={() => void endpoints.open({ query, sort, desc })} />;
  }
  if (!shown.view && shown.opening) return <Loading rows={12} />;
  return (
    <>
      <Grid
        name="endpoints"
        label={t('inventory.endpoints.list')}
        columns={columns}
        count={shown.count}
        at={at}
        keyOf={keyOf}
        spoken={spoken}
        cursor={cursor}
        picked={picked}
        sorting={sorting}
        busy={shown.opening}
        version={shown.version}
        onWant={want}
        onMove={(index, keys) => void move(index, keys)}
        onOpen={show}
        opensAtOnce
        onAct={(_, row) => openTraffic(row.query)}
      />
      <Chosen focusList={focusList} />
      {shown.view && shown.count === 0 && !shown.opening && <NoMatch total={overview.endpoints} />}
    </>
  );
}

const still = { ctrl: false, shift: false };
const keyOf = (row: go.EndpointRow) => row.id;

// The keyboard stays at its endpoint where that has moved to another place among the rows in sight.
function useKept(version: number, cursor: number, onCursor: (index: number) => void) {
  const id = useRef('');
  const here = endpoints.at(cursor)?.id;
  const last = useRef(version);
  useEffect(() => {
    if (last.current === version) {
      id.current = here ?? id.current;
      return;
    }
    last.current = version;
    if (cursor < 0 || !here || !id.current || here === id.current) {
      id.current = here ?? id.current;
      return;
    }
    for (let by = 1; by <= 100; by++) {
      for (const index of [cursor + by, cursor - by]) {
        if (endpoints.at(index)?.id === id.current) {
          onCursor(index);
          return;
        }
      }
    }
    id.current = here;
  }, [version, cursor, here, onCursor]);
}

// What can be done with several endpoints.
function Chosen({ focusList }: { focusList(): void }) {
  const picked = useInventory((state) => state.picked);
  const renew = useRenew();
  const some = picked.size > 1;
  const clear = () => {
    useInventory.setState({ picked: new Set() });
    focusList();
  };
  const join = async () => {
    await merge([...picked], renew);
    clear();
  };
  useCommand('inventory.merge', () => void join(), some);
  if (!some) return null;
  return (
    <div className={base.chosen} role="status">
      <span>{t('inventory.chosen', { n: picked.size })}</span>
      <Button size="compact-sm" leftSection={<IconArrowMerge size={14} />} onClick={() => void join()}>
        {t('inventory.merge.button')}
      </Button>
      <ActionIcon aria-label={t('inventory.chosenClear')} onClick={clear}>
        <IconX size={15} />
      </ActionIcon>
    </div>
  );
}

function NoMatch({ total }: { total: number }) {
  const clear = () => useInventory.setState({ text: '', query: '' });
  return (
    <div className={classes.instead}>
      <EmptyState
        icon={<IconFilterOff size={40} />}
        title={t('inventory.noMatch.title')}
        text={t('inventory.noMatch.text', { n: total })}
        actions={<Button onClick={clear}>{t('inventory.noMatch.clear')}</Button>}
      />
    </div>
  );
}
