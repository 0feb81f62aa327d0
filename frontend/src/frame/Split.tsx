import { type KeyboardEvent, type ReactNode, type PointerEvent as ReactPointerEvent, useRef } from 'react';
import classes from './Split.module.css';

const LEAST = 15;
const MOST = 85;
const STEP = 2;

interface SplitProps {
  /** what the line between them divides, for those who cannot see it */
  label: string;
  /** side by side instead of one above the other */
  wide: boolean;
  /** what the first has of the space, in per cent */
  part: number;
  onPart(part: number): void;
  first: ReactNode;
  /** absent: the first has all the space */
  second: ReactNode | null;
}

/** Split divides the space between two panes; the line between them is moved by pointer or arrow keys. */
export function Split({ label, wide, part, onPart, first, second }: SplitProps) {
  const box = useRef<HTMLDivElement>(null);
  const resize = (to: number) => onPart(Math.round(10 * Math.min(MOST, Math.max(LEAST, to))) / 10);
  const drag = (down: ReactPointerEvent<HTMLElement>) => {
    const around = box.current?.getBoundingClientRect();
    if (!around) return;
    down.preventDefault();
    const line = down.currentTarget;
    const mirrored = getComputedStyle(line).direction === 'rtl';
    const move = (event: PointerEvent) => {
      const across = (event.clientX - around.left) / around.width;
      const down = (event.clientY - around.top) / around.height;
      resize(100 * (wide ? (mirrored ? 1 - across : across) : down));
    };
    line.setPointerCapture(down.pointerId);
    line.addEventListener('pointermove', move);
    const end = () => line.removeEventListener('pointermove', move);
    line.addEventListener('lostpointercapture', end, { once: true });
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
            aria-label={label}
            aria-orientation={wide ? 'vertical' : 'horizontal'}
            aria-valuenow={Math.round(part)}
            aria-valuemin={LEAST}
            aria-valuemax={MOST}
            onPointerDown={drag}
            onKeyDown={(event) => press(event, part, resize)}
            onDoubleClick={() => resize(50)}
          />
          <div className={classes.second}>{second}</div>
        </>
      )}
    </div>
  );
}

function press(event: KeyboardEvent, part: number, resize: (to: number) => void) {
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
}
