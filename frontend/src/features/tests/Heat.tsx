import { useCallback, useMemo, useState } from 'react';
import type { go } from '../../api';
import { Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { type Column, Grid } from '../inventory/Grid';
import frame from '../inventory/inventory.module.css';
import panesClasses from '../inventory/Panes.module.css';
import { Failed } from '../inventory/parts';
import { Text } from '../traffic/Text';
import { openCases } from './acts';
import { byRisk } from './Groups';
import classes from './Heat.module.css';
import { spokenCounts } from './parts';
import { useHeat } from './queries';
import { mutationWord } from './words';

/** A row of the heat map: a template with its counts by mutation. */
interface HeatRow {
  template: go.HeatName;
  cells: ReadonlyMap<number, go.CaseCounts>;
}

/** heatOf puts counts into rows and columns: the most vulnerable first in both. */
export function heatOf({ rows, columns, cells }: go.HeatOut): { rows: HeatRow[]; columns: number[] } {
  const byRow = new Map<number, Map<number, go.CaseCounts>>();
  for (const { row, column, counts } of cells) {
    const line = byRow.get(row) ?? new Map<number, go.CaseCounts>();
    byRow.set(row, line.set(column, counts));
  }
  const made = rows
    .map((template, at) => ({ template, cells: byRow.get(at) ?? new Map<number, go.CaseCounts>() }))
    .sort((a, b) => byRisk(a.template, b.template));
  const order = columns
    .map((name, at) => ({ name, at }))
    .sort((a, b) => byRisk(a.name, b.name))
    .map(({ at }) => at);
  return { rows: made, columns: order };
}

/** heat is how much of what was judged is vulnerable: 0 to 4; undefined where nothing was judged. */
export function heat({ vulnerable, resisted, unclear }: go.CaseCounts): number | undefined {
  const judged = vulnerable + resisted + unclear;
  if (judged === 0) return undefined;
  return vulnerable === 0 ? 0 : Math.max(1, Math.ceil((4 * vulnerable) / judged));
}

// A number and a shade: how many of how many are vulnerable.
function Cell({ counts, mutation }: { counts: go.CaseCounts | undefined; mutation: string }) {
  if (!counts) return null;
  const level = heat(counts);
  const all = counts.vulnerable + counts.resisted + counts.unclear + counts.errored + counts.pending;
  return (
    <button
      type="button"
      tabIndex={-1}
      data-do={mutation}
      className={classes.heat}
      data-heat={level}
      title={`${mutationWord(mutation)}: ${spokenCounts(counts)}`}
    >
      {level === undefined ? '·' : `${counts.vulnerable}/${all}`}
    </button>
  );
}

/** Heat is the map of templates and mutations. */
export function Heat({ run }: { run: string }) {
  const { data, error, refetch } = useHeat(run, 'template', 'mutation');
  const [cursor, setCursor] = useState(-1);
  const map = useMemo(() => (data ? heatOf(data) : undefined), [data]);
  const columns = useMemo((): Column<HeatRow>[] => {
    if (!data || !map) return [];
    return [
      {
        id: 'template',
        title: () => t('tests.column.template'),
        width: 16,
        grow: true,
        cell: ({ template }) => <Text text={template.name} />,
      },
      ...map.columns.map((at): Column<HeatRow> => {
        const mutation = data.columns[at]?.id ?? '';
        return {
          id: `m${at}`,
          title: () => mutationWord(mutation),
          width: 6.5,
          cell: ({ cells }) => <Cell counts={cells.get(at)} mutation={mutation} />,
        };
      }),
    ];
  }, [data, map]);
  const at = useCallback((index: number) => map?.rows[index], [map]);
  if (error) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (!map) return <Loading rows={8} />;
  const open = (index: number) => {
    const row = map.rows[index];
    if (row) openCases({ templates: [row.template.id] });
  };
  return (
    <>
      <p className={frame.note}>{t('tests.heat.help')}</p>
      <div className={panesClasses.list}>
        <Grid
          name="heat"
          label={t('tests.look.heat')}
          columns={columns}
          count={map.rows.length}
          at={at}
          keyOf={({ template }) => template.id}
          spoken={({ template }) => `${template.name}, ${spokenCounts(template.counts)}`}
          cursor={Math.min(cursor, map.rows.length - 1)}
          onMove={setCursor}
          onOpen={open}
          onAct={(mutation, { template }) => openCases({ templates: [template.id], mutations: [mutation] })}
        />
      </div>
    </>
  );
}
