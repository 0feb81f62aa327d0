// biome-ignore-all lint/a11y/useSemanticElements: a virtual list cannot be a table of the browser
import { type KeyboardEvent, memo, type PointerEvent as ReactPointerEvent } from 'react';
import { t } from '../../i18n';
import type { Column } from './columns';
import classes from './Grid.module.css';
import { setColumns, useTraffic } from './store';

const STEP = 8;
const MOST = 1_200;

function widen(column: Column, width: number) {
  const { columns } = useTraffic.getState();
  const to = Math.round(Math.min(MOST, Math.max(column.least, width)));
  setColumns({ ...columns, widths: { ...columns.widths, [column.id]: to } });
}

function widthOf(column: Column): number {
  return useTraffic.getState().columns.widths[column.id] ?? column.width;
}

function drag(column: Column, down: ReactPointerEvent<HTMLElement>) {
  down.preventDefault();
  const edge = down.currentTarget;
  const before = widthOf(column);
  const sign = getComputedStyle(edge).direction === 'rtl' ? -1 : 1;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const move = (event: PointerEvent) =>
    widen(column, before + (16 * sign * (event.clientX - down.clientX)) / rem);
  edge.setPointerCapture(down.pointerId);
  edge.addEventListener('pointermove', move);
  edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), {
    once: true,
  });
}

function press(column: Column, event: KeyboardEvent) {
  const by = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  widen(column, widthOf(column) + by);
}

function Edge({ column }: { column: Column }) {
  const width = useTraffic((state) => state.columns.widths[column.id] ?? column.width);
  return (
    <span
      className={classes.edge}
      role="separator"
      aria-orientation="vertical"
      aria-label={t('traffic.columns.width', { column: column.title() })}
      aria-valuenow={width}
      aria-valuemin={column.least}
      aria-valuemax={MOST}
      tabIndex={-1}
      onPointerDown={(event) => drag(column, event)}
      onKeyDown={(event) => press(column, event)}
      onDoubleClick={() => widen(column, column.width)}
    />
  );
}

function head({ columns }: { columns: readonly Column[] }) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: heads do nothing by themselves
    <div role="row" aria-rowindex={1} className={classes.head}>
      {columns.map((column) => (
        <div
          key={column.id}
          role="columnheader"
          tabIndex={-1}
          className={classes.title}
          data-column={column.id}
          data-end={column.end}
        >
          <span>{column.title()}</span>
          <Edge column={column} />
        </div>
      ))}
    </div>
  );
}

/** GridHead names the columns; the edge of each is dragged to change its width. */
export const GridHead = memo(head);
