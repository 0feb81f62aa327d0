// biome-ignore-all lint/a11y/useSemanticElements: a virtual list cannot be a table of the browser
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its row by aria-activedescendant
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useRef,
} from 'react';
import { t } from '../../i18n';
import { surface } from '../traffic/scale';
import { step } from '../traffic/selection';
import classes from './Grid.module.css';
import { useRows } from './useRows';

/** A column of a list. */
export interface Column<T> {
  id: string;
  title(): string;
  /** in rem; the column with grow takes what is left */
  width: number;
  grow?: boolean;
  /** numbers stand at the end */
  end?: boolean;
  /** what the list is sorted by when the head is pressed */
  sort?: string;
  cell(item: T): ReactNode;
}

/** How rows are sorted. */
export interface Sorting {
  by: string;
  desc: boolean;
  onSort(by: string): void;
}

interface GridProps<T> {
  /** part of ids, and of the pane's name */
  name: string;
  label: string;
  columns: Column<T>[];
  count: number;
  at(index: number): T | undefined;
  keyOf(item: T): string;
  /** what a screen reader says of a row */
  spoken(item: T): string;
  /** index of the row the keyboard is at; -1 for none */
  cursor: number;
  /** rows that are chosen together; without it, the one at the cursor is */
  picked?: ReadonlySet<string>;
  /** the row that is open, where it need not be the one at the cursor: it may have left the list */
  opened?: string;
  sorting?: Sorting;
  busy?: boolean;
  /** grows when rows arrived or moved */
  version?: number;
  /** which rows are in sight */
  onWant?(first: number, end: number): void;
  onMove(index: number, keys: { ctrl: boolean; shift: boolean }): void;
  onOpen(index: number): void;
  /** one click opens, as in Traffic: what opens stands beside the list */
  opensAtOnce?: boolean;
  /** a button in a row was pressed */
  onAct?(does: string, item: T): void;
}

/** Grid is a list of any length: only the rows in sight exist. */
export function Grid<T>(props: GridProps<T>) {
  const { name, label, columns, count, at, cursor, sorting, busy = false, version, onWant } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { drawn, row, page } = useRows(scroller, count, cursor);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says that rows may have to be fetched again
  useEffect(() => onWant?.(drawn.first, drawn.end), [drawn, version, onWant]);
  const end = Math.min(drawn.end, count);
  const rows = [];
  for (let index = drawn.first; index < end; index++)
    rows.push(rowOf(props, index, index * row + drawn.shift));
  const active = cursor >= drawn.first && cursor < end;
  return (
    <div
      ref={scroller}
      className={classes.grid}
      style={tracks(columns)}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.picked ? true : undefined}
      aria-activedescendant={active ? `${name}-${cursor}` : undefined}
      aria-busy={busy}
      tabIndex={0}
      data-pane={`inventory-${name}`}
      data-pane-focus
      onKeyDown={(event) => onKey(event, props, page())}
      onMouseDown={onMouseDown}
      onClick={(event) => onClick(event, props)}
      onDoubleClick={(event) => {
        const index = indexOf(event.target);
        if (at(index)) props.onOpen(index);
      }}
    >
      <div role="row" aria-rowindex={1} className={classes.head}>
        {columns.map((column) => (
          <Head key={column.id} column={column} sorting={sorting} />
        ))}
      </div>
      <div
        role="rowgroup"
        className={classes.surface}
        style={{ height: surface({ count, row, viewport: 0 }) }}
      >
        {rows}
      </div>
    </div>
  );
}

function rowOf<T>(
  { name, columns, at, keyOf, spoken, cursor, picked, opened }: GridProps<T>,
  index: number,
  top: number,
) {
  const item = at(index);
  const key = item === undefined ? undefined : keyOf(item);
  const chosen = picked ? picked.has(key ?? '') : opened ? key === opened : index === cursor;
  return (
    <div
      key={index}
      id={`${name}-${index}`}
      role="row"
      className={classes.row}
      style={{ top }}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      aria-label={item ? spoken(item) : undefined}
      aria-busy={item ? undefined : true}
      data-index={index}
      data-active={index === cursor || undefined}
      data-odd={index % 2 === 1 || undefined}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={classes.cell}
          data-column={column.id}
          data-end={column.end}
        >
          {item ? column.cell(item) : <span className={classes.bone} />}
        </div>
      ))}
    </div>
  );
}

function Head<T>({ column, sorting }: { column: Column<T>; sorting: Sorting | undefined }) {
  const { sort, end } = column;
  const title = column.title();
  const sorted = sort !== undefined && sorting?.by === sort;
  const Arrow = sorting?.desc ? IconArrowDown : IconArrowUp;
  return (
    <div
      role="columnheader"
      className={classes.title}
      data-end={end}
      aria-sort={sorted ? (sorting?.desc ? 'descending' : 'ascending') : undefined}
    >
      {sort && sorting ? (
        <button
          type="button"
          className={classes.sort}
          title={t('inventory.sort', { column: title })}
          onClick={() => sorting.onSort(sort)}
        >
          <span className={classes.cut}>{title}</span>
          {sorted && <Arrow size={12} aria-hidden />}
        </button>
      ) : (
        <span className={classes.cut}>{title}</span>
      )}
    </div>
  );
}

function tracks<T>(columns: Column<T>[]): CSSProperties {
  const least = columns.reduce((sum, { width }) => sum + width, 0);
  const each = columns.map(({ width, grow }) => (grow ? `minmax(${width}rem, 1fr)` : `${width}rem`));
  return { '--columns': each.join(' '), '--least': `${least}rem` } as CSSProperties;
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

function onClick<T>(event: MouseEvent, { at, opensAtOnce, onMove, onOpen, onAct }: GridProps<T>) {
  const index = indexOf(event.target);
  const item = at(index);
  if (!item) return;
  const keys = { ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey };
  onMove(index, keys);
  const does = (event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do;
  if (does) onAct?.(does, item);
  else if (opensAtOnce && !keys.ctrl && !keys.shift) onOpen(index);
}

function onKey<T>(event: KeyboardEvent, { cursor, count, picked, onMove }: GridProps<T>, page: number) {
  if (event.target !== event.currentTarget || event.altKey || event.metaKey) return;
  if (event.key === ' ' && picked && cursor >= 0) {
    event.preventDefault();
    onMove(cursor, { ctrl: true, shift: false });
    return;
  }
  const to = step(event.key, cursor, count, page);
  if (to === undefined) return;
  event.preventDefault();
  if (count > 0) onMove(to, { ctrl: false, shift: event.shiftKey });
}
