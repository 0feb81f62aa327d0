// biome-ignore-all lint/a11y/useSemanticElements: a table cannot be drawn row by row
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { t } from '../../i18n';
import { useScale } from '../../theme/appearance';
import { Event, EventRow } from './Event';
import classes from './Stream.module.css';
import type { StreamPages } from './useStream';

/** The height of a line at the ordinary size of text, in pixels. */
const lineHeight = 26;

/** Events is the list of what arrived, with the chosen event below it. */
export function Events({ id, stream }: { id: string; stream: StreamPages }) {
  const box = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState(-1);
  const count = stream.about?.count ?? 0;
  const height = lineHeight * useScale();
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines have another height in another size of text
  useEffect(() => rows.measure(), [height]);
  const shown = rows.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  const { look } = stream;
  useEffect(() => look(first, last), [look, first, last]);
  const press = (event: KeyboardEvent) => {
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const at = Math.max(0, Math.min(count - 1, to));
    setChosen(at);
    rows.scrollToIndex(at);
  };
  const item = chosen >= 0 ? stream.item(chosen) : undefined;
  return (
    <>
      <div
        ref={box}
        className={classes.list}
        role="grid"
        tabIndex={0}
        aria-label={t('exchange.views.stream')}
        aria-rowcount={count}
        aria-activedescendant={item ? `event-${item.n}` : undefined}
        onKeyDown={press}
      >
        <div role="presentation" className={classes.tall} style={{ height: rows.getTotalSize() }}>
          {shown.map((row) => (
            <EventRow
              key={row.key}
              item={stream.item(row.index)}
              at={row.index}
              start={row.start}
              frames={stream.about?.kind === 'frames'}
              named={stream.about?.items.some((each) => each.name) ?? false}
              chosen={row.index === chosen}
              onChoose={setChosen}
            />
          ))}
        </div>
      </div>
      {item && <Event id={id} item={item} />}
    </>
  );
}
