import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { type Column, Grid } from '../inventory/Grid';
import frame from '../inventory/inventory.module.css';
import panesClasses from '../inventory/Panes.module.css';
import { Failed, Nothing } from '../inventory/parts';
import { PAGE, Pages } from '../traffic/pages';
import { Text } from '../traffic/Text';
import { openCases } from './acts';
import classes from './Compare.module.css';
import { Severity, Verdict } from './parts';
import { useTests } from './store';
import shared from './tests.module.css';
import { changeWord, mutationWord } from './words';

interface Line {
  row: { id: string };
  compared: go.ComparedRow;
}

// The case that stands for both: the one of the later run where it has it.
const caseOf = ({ before, after }: go.ComparedRow) => (after.n > 0 ? after : before);

const columns: Column<go.ComparedRow>[] = [
  {
    id: 'change',
    title: () => t('tests.compare.change'),
    width: 8,
    cell: ({ change }) => (
      <span className={classes.change} data-change-kind={change}>
        {changeWord(change)}
      </span>
    ),
  },
  {
    id: 'severity',
    title: () => t('tests.column.severity'),
    width: 5.5,
    cell: (row) => <Severity severity={caseOf(row).severity} />,
  },
  {
    id: 'template',
    title: () => t('tests.column.template'),
    width: 14,
    grow: true,
    cell: (row) => <Text text={caseOf(row).name} />,
  },
  {
    id: 'mutation',
    title: () => t('tests.column.mutation'),
    width: 8,
    cell: (row) => <Text text={mutationWord(caseOf(row).mutation)} />,
  },
  {
    id: 'before',
    title: () => t('tests.compare.before'),
    width: 8,
    cell: ({ before }) =>
      before.n > 0 ? <Verdict verdict={before.done ? before.verdict : ''} /> : t('tests.compare.absent'),
  },
  {
    id: 'after',
    title: () => t('tests.compare.after'),
    width: 8,
    cell: ({ after }) =>
      after.n > 0 ? <Verdict verdict={after.done ? after.verdict : ''} /> : t('tests.compare.absent'),
  },
  {
    id: 'why',
    title: () => t('tests.column.why'),
    width: 12,
    cell: ({ why, after, before }) => <Text text={why || after.reason || before.reason} />,
  },
];

function spoken(row: go.ComparedRow): string {
  const { name, mutation } = caseOf(row);
  return [changeWord(row.change), name, mutationWord(mutation), row.why].filter(Boolean).join(', ');
}

// Pages of what is compared: a new list for another choice.
function useLines(before: string, after: string, change: string) {
  const [version, setVersion] = useState(0);
  const pages = useMemo(
    () =>
      new Pages<Line>({
        load: async (from, limit) => {
          const { cases } = await api.tests.Compare({ before, after, change, from, limit });
          return { items: cases.map((each) => ({ row: { id: each.key }, compared: each })) };
        },
        changed: () => setVersion((now) => now + 1),
        failed: () => {}, // the first page says what is wrong
      }),
    [before, after, change],
  );
  useEffect(() => () => pages.close(), [pages]);
  return { pages, version };
}

/** Compare is what became of every case between two runs. */
export function Compare({ before, after }: { before: string; after: string }) {
  const change = useTests((state) => state.change);
  const { data, error, refetch } = useQuery({
    queryKey: ['runs', 'compare', before, after, change],
    queryFn: () => api.tests.Compare({ before, after, change, from: 0, limit: PAGE }),
    enabled: before !== '',
    placeholderData: keepPreviousData,
  });
  const { pages, version } = useLines(before, after, change);
  const [cursor, setCursor] = useState(-1);
  const at = useCallback((index: number) => pages.at(index)?.compared, [pages]);
  const want = useCallback((first: number, end: number) => pages.want(first, end), [pages]);
  const open = (index: number) => {
    const row = pages.at(index)?.compared;
    if (!row || row.after.n === 0) return;
    openCases({ templates: [row.after.template], mutations: [row.after.mutation] });
    useTests.setState({ case: row.after.n });
  };
  useCommand('tests.open', () => open(cursor), cursor >= 0);
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return before === '' ? <Nothing>{t('tests.compare.choose')}</Nothing> : <Loading rows={8} />;
  return (
    <>
      <p className={frame.note}>
        <Visible text={t('tests.compare.title', { before: data.before.name, after: data.after.name })} />
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div className={shared.chips} role="group" aria-label={t('tests.compare.label')}>
        <button
          type="button"
          className={frame.chip}
          aria-pressed={change === ''}
          onClick={() => useTests.setState({ change: '' })}
        >
          {t('tests.chips.all')}{' '}
          <span className={frame.chipN}>{formatNumber(data.counts.reduce((sum, { n }) => sum + n, 0))}</span>
        </button>
        {data.counts.map((each) => (
          <button
            key={each.change}
            type="button"
            className={frame.chip}
            aria-pressed={change === each.change}
            onClick={() => useTests.setState({ change: each.change })}
          >
            {changeWord(each.change)} <span className={frame.chipN}>{formatNumber(each.n)}</span>
          </button>
        ))}
      </div>
      <div className={panesClasses.list}>
        {data.total === 0 ? (
          <Nothing>{t('tests.compare.none')}</Nothing>
        ) : (
          <Grid
            name="compared"
            label={t('tests.compare.label')}
            columns={columns}
            count={data.total}
            at={at}
            keyOf={(row) => row.key}
            spoken={spoken}
            cursor={Math.min(cursor, data.total - 1)}
            version={version}
            onWant={want}
            onMove={setCursor}
            onOpen={open}
          />
        )}
      </div>
    </>
  );
}
