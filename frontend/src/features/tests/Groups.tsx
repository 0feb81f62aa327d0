import { useCallback, useMemo, useState } from 'react';
import type { go } from '../../api';
import { useCommand } from '../../commands';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { type Column, Grid } from '../inventory/Grid';
import frame from '../inventory/inventory.module.css';
import panesClasses from '../inventory/Panes.module.css';
import { Failed } from '../inventory/parts';
import { Text } from '../traffic/Text';
import { openCases } from './acts';
import { spokenCounts, VerdictBar, verdicts } from './parts';
import { useHeat } from './queries';
import { mutationWord, verdictWord } from './words';

type By = 'template' | 'mutation' | 'target';

/** nameOf is what a row or column of counts is called. */
export function nameOf(by: string, { id, name }: go.HeatName): string {
  return by === 'mutation' ? mutationWord(id) : name;
}

/** byRisk sorts counts: the most vulnerable first. */
export function byRisk(a: go.HeatName, b: go.HeatName): number {
  return b.counts.vulnerable - a.counts.vulnerable || a.name.localeCompare(b.name);
}

/** narrowedTo is the filter that shows the cases of a row. */
export function narrowedTo(by: string, id: string) {
  if (by === 'template') return { templates: [id] };
  return by === 'mutation' ? { mutations: [id] } : { targets: [id] };
}

const columnsOf = (by: By): Column<go.HeatName>[] => [
  {
    id: 'name',
    title: () =>
      by === 'template'
        ? t('tests.column.template')
        : by === 'mutation'
          ? t('tests.column.mutation')
          : t('tests.column.target'),
    width: 14,
    grow: true,
    cell: (row) => <Text text={nameOf(by, row)} />,
  },
  {
    id: 'bar',
    title: () => t('tests.runs.verdicts'),
    width: 12,
    cell: ({ counts }) => <VerdictBar counts={counts} />,
  },
  ...verdicts.map((verdict) => ({
    id: verdict,
    title: () => verdictWord(verdict),
    width: 6,
    end: true,
    cell: ({ counts }: go.HeatName) =>
      counts[verdict] === 0 ? (
        <span className={frame.dim}>0</span>
      ) : (
        <button type="button" tabIndex={-1} data-do={verdict} className={frame.link}>
          {formatNumber(counts[verdict])}
        </button>
      ),
  })),
];

/** Groups are the cases of a run, counted by one word of theirs. */
export function Groups({ run, by }: { run: string; by: By }) {
  const { data, error, refetch } = useHeat(run, by, '');
  const [cursor, setCursor] = useState(-1);
  const rows = useMemo(() => [...(data?.rows ?? [])].sort(byRisk), [data]);
  const columns = useMemo(() => columnsOf(by), [by]);
  const at = useCallback((index: number) => rows[index], [rows]);
  const open = (index: number) => {
    const row = rows[index];
    if (row) openCases(narrowedTo(by, row.id));
  };
  useCommand('tests.open', () => open(cursor), cursor >= 0);
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!data) return <Loading rows={8} />;
  return (
    <div className={panesClasses.list}>
      <Grid
        name="groups"
        label={t('tests.look.label')}
        columns={columns}
        count={rows.length}
        at={at}
        keyOf={(row) => row.id}
        spoken={(row) => `${nameOf(by, row)}, ${spokenCounts(row.counts)}`}
        cursor={Math.min(cursor, rows.length - 1)}
        onMove={setCursor}
        onOpen={open}
        onAct={(verdict, row) => openCases({ ...narrowedTo(by, row.id), verdicts: [verdict] })}
      />
    </div>
  );
}
