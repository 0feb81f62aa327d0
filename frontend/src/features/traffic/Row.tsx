// biome-ignore-all lint/a11y/useSemanticElements: a virtual list cannot be a table of the browser
import { memo } from 'react';
import type { go } from '../../api';
import type { Column } from './columns';
import classes from './Row.module.css';
import { sentenceOf } from './sentence';

interface RowProps {
  index: number;
  /** pixels below the start of the layer */
  top: number;
  item: go.Item | undefined;
  picked: boolean;
  active: boolean;
  columns: readonly Column[];
}

/** rowId is the id of a row's element, for aria-activedescendant. */
export const rowId = (index: number): string => `traffic-row-${index}`;

// A plain div without hooks: a table of components scrolls at a third of the speed.
function row({ index, top, item, picked, active, columns }: RowProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its row by aria-activedescendant
    <div
      id={rowId(index)}
      role="row"
      className={classes.row}
      style={{ top }}
      aria-rowindex={index + 2}
      aria-selected={picked}
      aria-label={item ? sentenceOf(item) : undefined}
      aria-busy={item ? undefined : true}
      aria-level={levelOf(item)}
      aria-expanded={item && item.turns > 0 ? item.expanded : undefined}
      data-index={index}
      data-active={active || undefined}
      data-odd={index % 2 === 1 || undefined}
      data-turn={(item && item.turn > 0) || undefined}
      data-colour={item?.row.colour || undefined}
    >
      {columns.map((column) => (
        // biome-ignore lint/a11y/useFocusableInteractive: as above
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

// Where conversations are grouped: 1 for one of them, 2 for its turns.
function levelOf(item: go.Item | undefined): number | undefined {
  if (!item) return undefined;
  if (item.turn > 0) return 2;
  return item.turns > 0 ? 1 : undefined;
}

/** Row is one line of the list; without an item it holds the place of one that is on its way. */
export const Row = memo(row);
