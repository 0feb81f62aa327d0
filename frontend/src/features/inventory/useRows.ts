import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { offsetAt, type Range, rangeAt, reveal, scrollFor } from '../traffic/scale';

/** Drawn is which rows are drawn now. */
interface Drawn extends Range {
  /** pixels between a row's place among the rows and its place on the surface: 0 unless the surface is scaled */
  shift: number;
}

const same = (a: Drawn, b: Drawn) => a.first === b.first && a.end === b.end && a.shift === b.shift;

const ordinary = 28; // pixels, where nothing is laid out

/** useRows ties a scroll bar to rows of one height: which are drawn, and bringing the one with the cursor into view. */
export function useRows(scroller: RefObject<HTMLElement | null>, count: number, cursor: number) {
  const [drawn, setDrawn] = useState<Drawn>({ first: 0, end: 0, shift: 0 });
  const [row, setRow] = useState(ordinary);
  const geometry = useRef({ count, row: ordinary, viewport: 0 });
  geometry.current.count = count;

  const update = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const offset = offsetAt(element.scrollTop, geometry.current);
    const next = { ...rangeAt(offset, geometry.current), shift: element.scrollTop - offset };
    setDrawn((now) => (same(now, next) ? now : next));
  }, [scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const height = Number.parseFloat(getComputedStyle(element).getPropertyValue('--as-row')) || ordinary;
      geometry.current.row = height;
      geometry.current.viewport = Math.max(0, element.clientHeight - height); // the head is as high as a row
      setRow(height);
      update();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, update]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const scrolled = () => flushSync(update); // the rows come with the frame that is scrolled, not with the next
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => element.removeEventListener('scroll', scrolled);
  }, [scroller, update]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows arrived or left
  useLayoutEffect(update, [count, update]);

  useLayoutEffect(() => {
    const element = scroller.current;
    const g = geometry.current;
    if (!element || cursor < 0 || cursor >= g.count) return;
    const offset = offsetAt(element.scrollTop, g);
    const to = reveal(cursor, offset, g);
    if (to !== offset && g.viewport > 0) element.scrollTop = scrollFor(to, g);
    update();
  }, [scroller, cursor, update]);

  const page = () => Math.max(1, Math.floor(geometry.current.viewport / geometry.current.row) - 1);
  return { drawn, row, page };
}
