import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { atEnd, type Geometry, inSight, offsetAt, type Range, rangeAt, reveal, scrollFor } from './scale';
import { place, useTraffic } from './store';

/** Part is what of the rows is drawn now. */
export interface Part extends Range {
  /** the first row in sight */
  top: number;
  /** pixels between a row's place among the rows and its place on the surface: 0 unless the surface is scaled */
  shift: number;
}

const same = (a: Part, b: Part) => a.top === b.top && a.end === b.end && a.shift === b.shift;

function rowHeight(element: Element): number {
  return Number.parseFloat(getComputedStyle(element).getPropertyValue('--as-row')) || 28;
}

// What scrolls, and what of the rows is drawn on it.
function useSurface(scroller: RefObject<HTMLElement | null>, count: number) {
  const [part, setPart] = useState<Part>({ first: 0, end: 0, top: 0, shift: 0 });
  const geometry = useRef<Geometry>({ count, row: 28, viewport: 0 });
  const [row, setRow] = useState(28);
  const asked = useRef(-1); // the place the code scrolled to last
  const last = useRef(0);
  geometry.current.count = count;

  const update = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const g = geometry.current;
    const offset = offsetAt(element.scrollTop, g);
    const top = Math.floor(offset / g.row);
    const next = { ...rangeAt(offset, g), top, shift: element.scrollTop - offset };
    setPart((now) => (same(now, next) ? now : next));
    place.offset = offset;
    const end = atEnd(offset, g);
    const known = useTraffic.getState();
    if (end !== known.end || (end && known.seen !== g.count)) {
      useTraffic.setState({ end, ...(end && { seen: g.count }) });
    }
  }, [scroller]);

  const scrollTo = useCallback(
    (offset: number) => {
      const element = scroller.current;
      if (!element) return;
      element.scrollTop = scrollFor(offset, geometry.current);
      asked.current = element.scrollTop;
      last.current = element.scrollTop;
      update();
    },
    [scroller, update],
  );

  const measure = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    geometry.current.row = rowHeight(element);
    geometry.current.viewport = Math.max(0, element.clientHeight - geometry.current.row); // the head is as high as a row
    setRow(geometry.current.row);
  }, [scroller]);

  const surface = useMemo(
    () => ({ scroller, geometry, asked, last, update, scrollTo, measure }),
    [scroller, update, scrollTo, measure],
  );
  return { part, row, surface };
}

type Surface = ReturnType<typeof useSurface>['surface'];

// Back on the screen: where it was. Later: the same place in another size.
function usePlace({ scroller, geometry, scrollTo, measure }: Surface): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    measure();
    scrollTo(place.offset);
    const observer = new ResizeObserver(() => {
      const { follow, selection } = useTraffic.getState();
      const { offset } = place;
      const seen = inSight(selection.cursor, offset, geometry.current);
      measure();
      if (follow) scrollTo(Number.POSITIVE_INFINITY);
      else scrollTo(seen ? reveal(selection.cursor, offset, geometry.current) : offset);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, geometry, measure, scrollTo]);
}

// A person who scrolls up stops following, and who scrolls to the end follows again.
function followed(way: number, end: boolean): void {
  const { follow } = useTraffic.getState();
  if (follow && way < 0 && !end) useTraffic.setState({ follow: false });
  if (!follow && way > 0 && end) useTraffic.setState({ follow: true });
}

function useFollowing({ scroller, geometry, asked, last, update }: Surface): void {
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const scrolled = () => {
      const { scrollTop } = element;
      if (scrollTop !== asked.current) {
        const g = geometry.current;
        followed(scrollTop - last.current, atEnd(offsetAt(scrollTop, g), g));
      }
      last.current = scrollTop;
      flushSync(update); // the rows come with the frame that is scrolled, not with the next
    };
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => element.removeEventListener('scroll', scrolled);
  }, [scroller, geometry, asked, last, update]);
}

// What the keyboard or a search wants to see is scrolled to once.
function useWish({ geometry, scrollTo }: Surface, count: number): void {
  const wish = useTraffic((state) => state.reveal);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish may name a row that has only just been counted
  useLayoutEffect(() => {
    if (!wish) return;
    const g = geometry.current;
    const { offset } = place;
    if (wish.how === 'shift') scrollTo(offset + wish.index * g.row);
    else if (wish.how === 'end') scrollTo(Number.POSITIVE_INFINITY);
    else if (wish.how === 'middle') scrollTo(wish.index * g.row - (g.viewport - g.row) / 2);
    else scrollTo(reveal(wish.index, offset, g));
    useTraffic.setState({ reveal: null });
  }, [wish, geometry, scrollTo, count]);
}

/**
 * useScroll ties the scroll bar to the rows: which of them are drawn, following the newest, bringing one into view, and
 * finding the place again when the screen comes back.
 */
export function useScroll(scroller: RefObject<HTMLElement | null>, count: number) {
  const { part, row, surface } = useSurface(scroller, count);
  usePlace(surface);
  const { geometry, scrollTo, update } = surface;
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows arrived or left
  useLayoutEffect(() => {
    if (useTraffic.getState().follow) scrollTo(Number.POSITIVE_INFINITY);
    else update();
  }, [count, scrollTo, update]);
  useFollowing(surface);
  useWish(surface, count);
  const page = useCallback(() => {
    const { viewport, row: height } = geometry.current;
    return Math.max(1, Math.floor(viewport / height) - 1);
  }, [geometry]);
  return { part, row, page };
}
