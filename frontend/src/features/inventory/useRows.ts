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
  const here = useRef(cursor);
  here.current = cursor;

  const update = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const offset = offsetAt(element.scrollTop, geometry.current);
    const next = { ...rangeAt(offset, geometry.current), shift: element.scrollTop - offset };
    setDrawn((now) => (same(now, next) ? now : next));
  }, [scroller]);

  // The row with the cursor is in view: also when what it opens takes a part of the list.
  const show = useCallback(() => {
    const element = scroller.current;
    const g = geometry.current;
    if (!element || here.current < 0 || here.current >= g.count) return;
    const offset = offsetAt(element.scrollTop, g);
    const to = reveal(here.current, offset, g);
    if (to !== offset && g.viewport > 0) element.scrollTop = scrollFor(to, g);
    update();
  }, [scroller, update]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const before = geometry.current.viewport;
      const height = Number.parseFloat(getComputedStyle(element).getPropertyValue('--as-row')) || ordinary;
      geometry.current.row = height;
      geometry.current.viewport = Math.max(0, element.clientHeight - height); // the head is as high as a row
      setRow(height);
      update();
      if (geometry.current.viewport < before) show();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, update, show]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const scrolled = () => flushSync(update); // the rows come with the frame that is scrolled, not with the next
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => element.removeEventListener('scroll', scrolled);
  }, [scroller, update]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows arrived or left
  useLayoutEffect(update, [count, update]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the cursor moved
  useLayoutEffect(show, [cursor, show]);

  const page = () => Math.max(1, Math.floor(geometry.current.viewport / geometry.current.row) - 1);
  return { drawn, row, page };
}
