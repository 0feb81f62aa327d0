import { ActionIcon, TextInput } from '@mantine/core';
import { IconFilterOff, IconSearch, IconX } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { EmptyState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import { type Column, Grid } from '../inventory/Grid';
import frame from '../inventory/inventory.module.css';
import { Failed } from '../inventory/parts';
import { useListFocus, useListKeys } from '../inventory/useList';
import { Text } from '../traffic/Text';
import { CaseDetail } from './CaseDetail';
import classes from './CaseList.module.css';
import { cases, useCases } from './cases';
import { Panes } from './Panes';
import { Severity, Verdict } from './parts';
import { allCases, type CaseFilter, setFilter, useTests } from './store';
import shared from './tests.module.css';
import { mutationWord, severityWord, verdictWord } from './words';

/** CaseList is the list of the cases of a run, and the one that is open. */
export function CaseList({ run }: { run: go.RunOut }) {
  const open = useTests((state) => state.case);
  const { list, focusList } = useListFocus();
  const close = () => {
    useTests.setState({ case: 0 });
    focusList();
  };
  return (
    <>
      <Narrow run={run} focusList={focusList} />
      <Panes
        first={
          <div ref={list} className={frame.fill}>
            <List run={run.row.id} several={run.targets.length > 1} onClose={close} />
          </div>
        }
        second={open > 0 ? <CaseDetail run={run.row.id} n={open} onClose={close} /> : null}
      />
    </>
  );
}

// What the list is narrowed to, each with a way to take it back.
function Narrow({ run, focusList }: { run: go.RunOut; focusList(): void }) {
  const filter = useTests((state) => state.filter);
  const { total } = useCases();
  const input = useRef<HTMLInputElement>(null);
  useCommand('tests.filter', () => {
    input.current?.focus();
    input.current?.select();
  });
  const drop = (field: keyof Omit<CaseFilter, 'text'>, value: string) => () =>
    setFilter({ [field]: filter[field].filter((each) => each !== value) });
  const pills: { field: keyof Omit<CaseFilter, 'text'>; value: string; label: string }[] = [
    ...filter.verdicts.map((value) => ({ field: 'verdicts' as const, value, label: verdictWord(value) })),
    ...filter.templates.map((value) => ({ field: 'templates' as const, value, label: value })),
    ...filter.mutations.map((value) => ({ field: 'mutations' as const, value, label: mutationWord(value) })),
    ...filter.targets.map((value) => ({
      field: 'targets' as const,
      value,
      label: run.targets.find(({ ref }) => ref === value)?.name ?? value,
    })),
  ];
  return (
    <search className={shared.search} aria-label={t('tests.caseFilter.label')}>
      <TextInput
        ref={input}
        size="xs"
        className={classes.filterText ?? ''}
        aria-label={t('tests.caseFilter.label')}
        placeholder={t('tests.caseFilter.placeholder')}
        leftSection={<IconSearch size={14} />}
        value={filter.text}
        onChange={(event) => setFilter({ text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'ArrowDown') focusList();
          if (event.key === 'Escape') setFilter({ text: '' });
        }}
      />
      {pills.map(({ field, value, label }) => (
        <span key={`${field} ${value}`} className={classes.pill}>
          <Visible text={label} />
          <ActionIcon
            size={24}
            aria-label={t('tests.caseFilter.drop', { what: label })}
            onClick={drop(field, value)}
          >
            <IconX size={12} />
          </ActionIcon>
        </span>
      ))}
      <span className={frame.dim} role="status">
        {t('tests.caseFilter.count', { n: total, all: run.row.tally.cases })}
      </span>
    </search>
  );
}

const columnsOf = (several: boolean): Column<go.CaseRow>[] => [
  {
    id: 'n',
    title: () => t('tests.column.n'),
    width: 3.5,
    end: true,
    sort: 'n',
    cell: ({ n }) => <span className={frame.dim}>{n}</span>,
  },
  {
    id: 'verdict',
    title: () => t('tests.column.verdict'),
    width: 9,
    sort: 'verdict',
    cell: ({ verdict, done, blocked, by }) => (
      <Verdict verdict={done ? verdict : ''} blocked={blocked} person={by === 'person'} />
    ),
  },
  {
    id: 'severity',
    title: () => t('tests.column.severity'),
    width: 5.5,
    sort: 'severity',
    cell: ({ severity }) => <Severity severity={severity} />,
  },
  {
    id: 'template',
    title: () => t('tests.column.template'),
    width: 14,
    sort: 'template',
    cell: ({ name }) => <Text text={name} />,
  },
  {
    id: 'mutation',
    title: () => t('tests.column.mutation'),
    width: 8,
    sort: 'mutation',
    cell: ({ mutation, strategy }) => (
      <span className={mutation === 'none' && !strategy ? frame.dim : undefined}>
        <Text text={strategy || mutationWord(mutation)} />
      </span>
    ),
  },
  ...(several
    ? [
        {
          id: 'target',
          title: () => t('tests.column.target'),
          width: 9,
          sort: 'target',
          cell: ({ target_name }: go.CaseRow) => <Text text={target_name} />,
        },
      ]
    : []),
  {
    id: 'trials',
    title: () => t('tests.column.trials'),
    width: 4.5,
    end: true,
    cell: (row) => <Trials row={row} />,
  },
  {
    id: 'why',
    title: () => t('tests.column.why'),
    width: 14,
    grow: true,
    cell: ({ reason }) => <Text text={reason} />,
  },
];

// How many of its trials succeeded; a verdict that was not the same each time is flaky.
function Trials({ row }: { row: go.CaseRow }) {
  const { vulnerable, resisted, unclear, errored } = row.counts;
  const made = vulnerable + resisted + unclear + errored;
  if (made === 0) return null;
  const flaky = vulnerable > 0 && resisted > 0;
  return (
    <span data-warn={flaky || undefined} title={flaky ? t('tests.flaky') : undefined}>
      {vulnerable}/{made}
    </span>
  );
}

function spoken(row: go.CaseRow): string {
  return [
    row.done ? verdictWord(row.verdict) : verdictWord(''),
    severityWord(row.severity),
    row.name,
    mutationWord(row.mutation),
    row.target_name,
    row.reason,
  ]
    .filter(Boolean)
    .join(', ');
}

// The keyboard stays at its case, and the case where it is on the screen, while others come before it.
function useKept(version: number, cursor: number, n: number, onCursor: (index: number) => void) {
  const last = useRef(version);
  useEffect(() => {
    if (last.current === version) return;
    last.current = version;
    if (cursor < 0 || n === 0 || (cases.at(cursor)?.n ?? n) === n) return;
    for (let by = 1; by <= 200; by++) {
      for (const index of [cursor + by, cursor - by]) {
        if (cases.at(index)?.n !== n) continue;
        const grid = document.querySelector<HTMLElement>('[role="grid"]');
        const row = grid?.querySelector<HTMLElement>('[role="row"][data-index]')?.offsetHeight ?? 0;
        if (grid) grid.scrollTop += (index - cursor) * row;
        onCursor(index);
        return;
      }
    }
  }, [version, cursor, n, onCursor]);
}

function List({ run, several, onClose }: { run: string; several: boolean; onClose(): void }) {
  const { filter, sort, desc, case: open } = useTests();
  const shown = useCases();
  const [cursor, setCursor] = useState(-1);
  const [here, setHere] = useState(0);
  useEffect(() => {
    const { verdicts, templates, mutations, targets, text } = filter;
    const wanted = {
      run,
      sort,
      desc,
      text: text.trim(),
      verdicts: [...verdicts],
      templates: [...templates],
      mutations: [...mutations],
      targets: [...targets],
    };
    const later = setTimeout(() => cases.open(wanted), text ? 150 : 0);
    return () => clearTimeout(later);
  }, [run, filter, sort, desc]);
  // Another list begins at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what another list is
  useEffect(() => setCursor(-1), [run, filter, sort, desc]);
  useKept(shown.version, cursor, here, setCursor);
  const at = useCallback((index: number) => cases.at(index), []);
  const want = useCallback((first: number, end: number) => cases.want(first, end), []);
  const columns = useMemo(() => columnsOf(several), [several]);
  const move = (index: number) => {
    setCursor(index);
    const n = cases.at(index)?.n ?? 0;
    setHere(n);
    if (open > 0 && n > 0) useTests.setState({ case: n });
  };
  const show = (index: number) => {
    const n = cases.at(index)?.n;
    if (n) useTests.setState({ case: n });
  };
  useListKeys({
    feature: 'tests',
    count: shown.total,
    cursor,
    onMove: move,
    onOpen: show,
    onClose: open > 0 ? onClose : null,
  });
  if (shown.error) {
    return <Failed error={shown.error} onRetry={() => cases.refresh()} />;
  }
  if (shown.opening && shown.total === 0) return <Loading rows={10} />;
  if (shown.total === 0) return <NoMatch />;
  const falling = ['severity', 'verdict'];
  return (
    <Grid
      name="cases"
      label={t('tests.caseFilter.list')}
      columns={columns}
      count={shown.total}
      at={at}
      keyOf={(row) => String(row.n)}
      spoken={spoken}
      cursor={Math.min(cursor, shown.total - 1)}
      opened={open > 0 ? String(open) : ''}
      sorting={{
        by: sort,
        desc,
        onSort: (by) => useTests.setState({ sort: by, desc: by === sort ? !desc : falling.includes(by) }),
      }}
      busy={shown.opening}
      version={shown.version}
      onWant={want}
      onMove={move}
      onOpen={show}
      opensAtOnce
    />
  );
}

function NoMatch() {
  return (
    <EmptyState
      icon={<IconFilterOff size={36} />}
      title={t('tests.caseFilter.none')}
      actions={
        <button type="button" className={frame.link} onClick={() => useTests.setState({ filter: allCases })}>
          {t('tests.caseFilter.clear')}
        </button>
      }
    />
  );
}
