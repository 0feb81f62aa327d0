// biome-ignore-all lint/a11y/useSemanticElements: a virtual list cannot be a table of the browser
// biome-ignore-all lint/a11y/noStaticElementInteractions lint/a11y/useAriaPropsSupportedByRole: it has one of two roles
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef } from 'react';
import { t } from '../../i18n';
import { columns as all, type Column } from './columns';
import { clicked, fold, moveTo, pointed } from './controller';
import classes from './Grid.module.css';
import { GridHead } from './GridHead';
import { live } from './live';
import { keyOf } from './pages';
import { Row, rowId } from './Row';
import { surface } from './scale';
import { step } from './selection';
import { useTraffic } from './store';
import { useLive } from './useLive';
import { useScroll } from './useScroll';

// Elements are used again: the row of another index takes over the elements of the one that went out of sight.
const POOL = 128;

// Rows stand in blocks: a row's own place changes only when the block does, and so it is not drawn again by a scroll.
const BLOCK = 500;

interface GridProps {
  /** what a button in a row does */
  onAct(does: string, index: number): void;
}

/** Grid is the list: as many rows as the view has, of which only those in sight exist. */
export function Grid({ onAct }: GridProps) {
  const shown = useLive();
  const scroller = useRef<HTMLDivElement>(null);
  const selection = useTraffic((state) => state.selection);
  const chosen = useTraffic((state) => state.columns);
  const group = useTraffic((state) => state.group);
  const columns = useMemo(() => all.filter((column) => chosen.shown.includes(column.id)), [chosen.shown]);
  const { part, row, page } = useScroll(scroller, shown.count);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that items may have to be fetched again
  useEffect(() => live.want(part.first, part.end, part.top), [part, shown.version]);

  const end = Math.min(part.end, shown.count);
  const base = Math.floor(part.first / BLOCK) * BLOCK;
  const pool = Math.max(POOL, end - part.first);
  const rows = [];
  for (let index = part.first; index < end; index++) {
    const item = live.at(index);
    rows.push(
      <Row
        key={index % pool}
        index={index}
        top={(index - base) * row}
        item={item}
        columns={columns}
        picked={item !== undefined && selection.picked.has(keyOf(item))}
        active={index === selection.cursor}
      />,
    );
  }

  const height = surface({ count: shown.count, row, viewport: 0 });
  const active = selection.cursor >= part.first && selection.cursor < end;
  return (
    <div
      ref={scroller}
      className={classes.grid}
      style={widths(columns, chosen.widths)}
      role={group ? 'treegrid' : 'grid'}
      aria-label={t('traffic.list')}
      aria-rowcount={shown.count + 1}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      aria-activedescendant={active ? rowId(selection.cursor) : undefined}
      aria-busy={shown.opening}
      tabIndex={0}
      data-scope="list viewer"
      data-pane="traffic-list"
      onKeyDown={(event) => onKey(event, page())}
      onMouseDown={onMouseDown}
      onClick={(event) => onClick(event, onAct)}
      onDoubleClick={() => useTraffic.setState({ detail: true })}
      onContextMenu={onContextMenu}
    >
      <GridHead columns={columns} />
      <div role="rowgroup" className={classes.surface} style={{ height }}>
        <div role="presentation" className={classes.layer} style={{ top: base * row + part.shift }}>
          {rows}
        </div>
      </div>
    </div>
  );
}

// Widths are kept in pixels at the ordinary size of text, and grow with it.
const rem = (pixels: number) => `${pixels / 16}rem`;

/** widths are the CSS variables that the cells of a column take their width from. */
function widths(columns: readonly Column[], chosen: Partial<Record<string, number>>) {
  const style: Record<string, string> = {};
  let least = 3; // the coloured edge of a row
  for (const { id, width } of columns) {
    style[`--w-${id}`] = rem(chosen[id] ?? width);
    least += chosen[id] ?? width;
  }
  style['--least'] = rem(least);
  return style;
}

function indexOf(target: EventTarget): number {
  const element = (target as Element).closest<HTMLElement>('[data-index]');
  return element ? Number(element.dataset.index) : -1;
}

// Shift and a click choose rows, not text; buttons in rows leave the focus with the grid, for a row may go any time.
function onMouseDown(event: MouseEvent<HTMLElement>) {
  const button = (event.target as Element).closest('[data-do]');
  if (event.shiftKey || button) event.preventDefault();
  if (button) event.currentTarget.focus({ preventScroll: true });
}

function onClick(event: MouseEvent, onAct: GridProps['onAct']) {
  const index = indexOf(event.target);
  const item = live.at(index);
  if (!item) return;
  const does = (event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do;
  clicked(index, keyOf(item), { ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey });
  if (does === 'fold') void fold(index, !item.expanded);
  else if (does) onAct(does, index);
}

function onContextMenu(event: MouseEvent) {
  const index = indexOf(event.target);
  const item = live.at(index);
  if (item) pointed(index, keyOf(item));
}

function onKey(event: KeyboardEvent, page: number) {
  if (event.target !== event.currentTarget || event.altKey || event.metaKey) return;
  const { cursor } = useTraffic.getState().selection;
  const { count } = live.snapshot();
  if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
    event.preventDefault();
    void fold(cursor, event.key === 'ArrowRight');
    return;
  }
  const to = step(event.key, cursor, count, page);
  if (to === undefined) return;
  event.preventDefault();
  if (count > 0) void moveTo(to, event.shiftKey, event.key === 'End' ? 'end' : 'least');
}
