import { useMemo, useState } from 'react';
import type { go } from '../../api';
import { openExchange } from '../inventory/acts';
import { Grid } from '../inventory/Grid';
import { useKeyboardHere, useListKeys } from '../inventory/useList';
import type { Pages } from '../inventory/usePages';
import { rulingColumns, spokenRuling } from './columns';

interface RulingListProps {
  /** part of ids, and of the pane's name */
  name: string;
  label: string;
  pages: Pages<go.RulingRow>;
  total: number;
  /** they would have been: nothing was carried out */
  preview?: boolean;
  focusList(): void;
}

const keyOf = ({ id }: go.RulingRow) => id;

/** RulingList is rulings of any number; opening one opens its exchange in Traffic. */
export function RulingList({ name, label, pages, total, preview = false, focusList }: RulingListProps) {
  const { at } = pages;
  const [cursor, setCursor] = useState(-1);
  const columns = useMemo(() => rulingColumns(preview), [preview]);
  const open = (index: number) => {
    const exchange = at(index)?.exchange;
    if (exchange) openExchange(exchange);
  };
  useListKeys({
    feature: 'policies',
    count: total,
    cursor,
    onMove: setCursor,
    onOpen: open,
    onClose: null,
  });
  useKeyboardHere(focusList);
  return (
    <Grid
      name={name}
      label={label}
      columns={columns}
      count={total}
      at={at}
      keyOf={keyOf}
      spoken={spokenRuling}
      cursor={cursor}
      busy={pages.busy}
      version={pages.version}
      onWant={pages.want}
      onMove={setCursor}
      onOpen={open}
      onAct={(_, { exchange }) => openExchange(exchange)}
    />
  );
}
