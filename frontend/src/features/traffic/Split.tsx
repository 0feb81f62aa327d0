import { type KeyboardEvent, type ReactNode, type PointerEvent as ReactPointerEvent, useRef } from 'react';
import { t } from '../../i18n';
import classes from './Split.module.css';
import { setSplit, useTraffic } from './store';

const LEAST = 15;
const MOST = 85;
const STEP = 2;

interface SplitProps {
  /** side by side instead of one above the other */
  wide: boolean;
  first: ReactNode;
  /** absent: the first has all the space */
  second: ReactNode | null;
}

/** Split divides the space between two panes; the line between them is moved by pointer or arrow keys, and remembered. */
export function Split({ wide, first, second }: SplitProps) {
  const box = useRef<HTMLDivElement>(null);
  const way = wide ? 'columns' : 'rows';
  const part = useTraffic((state) => state.split[way]);
  const resize = (to: number) => {
    const { split } = useTraffic.getState();
    setSplit({ ...split, [way]: Math.round(10 * Math.min(MOST, Math.max(LEAST, to))) / 10 });
  };
  const drag = (down: ReactPointerEvent<HTMLElement>) => {
    const around = box.current?.getBoundingClientRect();
    if (!around) return;
    down.preventDefault();
    const line = down.currentTarget;
    const mirrored = getComputedStyle(line).direction === 'rtl';
    const move = (event: PointerEvent) => {
      const across = (event.clientX - around.left) / around.width;
      const part = wide ? (mirrored ? 1 - across : across) : (event.clientY - around.top) / around.height;
      resize(100 * part);
    };
    line.setPointerCapture(down.pointerId);
    line.addEventListener('pointermove', move);
    line.addEventListener('lostpointercapture', () => line.removeEventListener('pointermove', move), {
      once: true,
    });
  };
  const press = (event: KeyboardEvent) => {
    const to = {
      ArrowUp: part - STEP,
      ArrowLeft: part - STEP,
      ArrowDown: part + STEP,
      ArrowRight: part + STEP,
      Home: LEAST,
      End: MOST,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    resize(to);
  };
  return (
    <div ref={box} className={classes.split} data-wide={wide || undefined}>
      <div className={classes.first} style={{ flexBasis: second ? `${part}%` : '100%' }}>
        {first}
      </div>
      {second && (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a separator that is moved is no line */}
          <div
            className={classes.line}
            role="separator"
            tabIndex={0}
            aria-label={t('traffic.split')}
            aria-orientation={wide ? 'vertical' : 'horizontal'}
            aria-valuenow={Math.round(part)}
            aria-valuemin={LEAST}
            aria-valuemax={MOST}
            onPointerDown={drag}
            onKeyDown={press}
            onDoubleClick={() => resize(50)}
          />
          <div className={classes.second}>{second}</div>
        </>
      )}
    </div>
  );
}
