import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import { t } from '../../i18n';
import classes from './Split.module.css';

const least = 12;

// Where the line was left holds for every exchange.
let last = 50;

/** Split divides the space between request and answer; the line between them moves by pointer and arrow keys. */
export function Split({ wide, first, second }: { wide: boolean; first: ReactNode; second: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [part, setPart] = useState(last);
  const move = (to: number) => {
    last = Math.min(100 - least, Math.max(least, to));
    setPart(last);
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const around = box.current?.getBoundingClientRect();
    if (!around || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    move(
      100 *
        (wide ? (event.clientX - around.left) / around.width : (event.clientY - around.top) / around.height),
    );
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -2, ArrowUp: -2, ArrowRight: 2, ArrowDown: 2 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(part + by);
  };
  return (
    <div ref={box} className={classes.split} data-wide={wide || undefined}>
      <div style={{ flexBasis: `${part}%` }}>{first}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that is moved is no line */}
      <div
        className={classes.line}
        role="separator"
        tabIndex={0}
        aria-label={t('exchange.body.divide')}
        aria-orientation={wide ? 'vertical' : 'horizontal'}
        aria-valuenow={Math.round(part)}
        aria-valuemin={least}
        aria-valuemax={100 - least}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onDoubleClick={() => move(50)}
        onKeyDown={press}
      />
      <div style={{ flexBasis: `${100 - part}%` }}>{second}</div>
    </div>
  );
}
