import { SegmentedControl, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api';
import { useCommand } from '../../commands';
import { notifyError } from '../../frame/notify';
import { EmptyState, ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import { useScale } from '../../theme/appearance';
import { useBytes } from './bytes';
import classes from './Hex.module.css';
import { ascii, hex, offset, readOffset, width } from './hexline';
import type { PaneProps, Side } from './pane';
import { Scroll } from './Scroll';

/** The height of a line at the ordinary size of text, in pixels. */
const lineHeight = 22;
/** Rows of one page: engines draw nothing beyond some 33 million pixels. */
const rowsPerPage = 1_000_000;

/** Hex shows the bytes of a body. */
export default function Hex({ id, heads, news, answerOnly }: PaneProps) {
  const [side, setSide] = useState<Side>(answerOnly || heads.response.seen ? 'response' : 'request');
  const coded = (side === 'request' ? heads.request : heads.response).body.coding;
  const [wire, setWire] = useState(false);
  return (
    <div className={classes.hex}>
      <div className={classes.bar}>
        {!answerOnly && (
          <SegmentedControl
            size="xs"
            value={side}
            onChange={(value) => setSide(value as Side)}
            aria-label={t('exchange.hex.side')}
            data={[
              { value: 'request', label: t('exchange.side.request') },
              { value: 'response', label: t('exchange.side.response'), disabled: !heads.response.seen },
            ]}
          />
        )}
        {coded && (
          <SegmentedControl
            size="xs"
            value={wire ? 'wire' : 'decoded'}
            onChange={(value) => setWire(value === 'wire')}
            aria-label={t('exchange.hex.form')}
            data={[
              { value: 'decoded', label: t('exchange.hex.decoded') },
              { value: 'wire', label: t('exchange.hex.wire', { coding: coded }) },
            ]}
          />
        )}
        <Bytes key={`${side} ${wire}`} id={id} side={side} form={wire ? 'wire' : 'decoded'} news={news} />
      </div>
    </div>
  );
}

interface BytesProps {
  id: string;
  side: Side;
  form: 'wire' | 'decoded';
  news: number;
}

function Bytes({ id, side, form, news }: BytesProps) {
  const box = useRef<HTMLDivElement>(null);
  const jumpTo = useRef<HTMLInputElement>(null);
  const [page, setPage] = useState(0);
  const [marked, setMarked] = useState(-1);
  const { total, at, error, retry, want } = useBytes(id, side, form, news);
  const first = page * rowsPerPage;
  const all = Math.ceil((total ?? 0) / width);
  const height = lineHeight * useScale();
  const rows = useVirtualizer({
    count: Math.max(0, Math.min(rowsPerPage, all - first)),
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 20,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines have another height in another size of text
  useEffect(() => rows.measure(), [height]);
  useCommand('exchange.find', () => jumpTo.current?.select());
  if (error) return <ErrorState error={error} onRetry={retry} />;
  const shown = rows.getVirtualItems();
  want((first + (shown[0]?.index ?? 0)) * width, (first + (shown.at(-1)?.index ?? 0) + 1) * width);
  const jump = (text: string) => {
    const to = readOffset(text);
    if (to === undefined || to >= (total ?? 0)) {
      notifyError(new ApiError('usage', t('exchange.hex.noOffset'), t('exchange.hex.offsetHint')));
      return;
    }
    setPage(Math.floor(to / width / rowsPerPage));
    setMarked(to);
    rows.scrollToIndex(Math.floor(to / width) % rowsPerPage, { align: 'center' });
  };
  return (
    <>
      <TextInput
        ref={jumpTo}
        size="xs"
        className={classes.jump ?? ''}
        placeholder={t('exchange.hex.jump')}
        aria-label={t('exchange.hex.jump')}
        onKeyDown={(event) => event.key === 'Enter' && jump(event.currentTarget.value)}
      />
      <span className={classes.total}>
        {total !== undefined && t('exchange.hex.total', { count: total })}
      </span>
      {total === 0 && <EmptyState title={t('exchange.body.empty')} />}
      {total === undefined && <Loading />}
      <Scroll ref={box} className={classes.scroll} label={t('exchange.views.hex')}>
        <div className={classes.tall} style={{ height: rows.getTotalSize() }}>
          {shown.map((row) => {
            const from = (first + row.index) * width;
            const bytes = at(from, Math.min(width, (total ?? 0) - from));
            return (
              <div key={row.key} className={classes.row} style={{ transform: `translateY(${row.start}px)` }}>
                <span className={classes.offset}>{offset(from)}</span>
                <span className={classes.bytes}>{bytes ? hex(bytes) : ''}</span>
                <span
                  className={classes.ascii}
                  data-marked={(marked >= from && marked < from + width) || undefined}
                >
                  {bytes ? ascii(bytes) : ''}
                </span>
              </div>
            );
          })}
        </div>
      </Scroll>
    </>
  );
}
