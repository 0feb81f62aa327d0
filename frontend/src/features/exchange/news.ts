import { useEffect, useState } from 'react';
import { onPulse } from '../../api';

/** How often a view of bytes looks again at an exchange that still arrives, in milliseconds. */
const patience = 400;

/**
 * useNews counts up whenever something of an exchange changed, at most every few hundred milliseconds: part of the key of
 * a query, it has it asked again.
 */
export function useNews(id: string, live: boolean): number {
  const [news, setNews] = useState(0);
  useEffect(() => {
    if (!live) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onPulse(({ changed, ended, missed }) => {
      if (timer || !(missed || changed.includes(id) || ended.includes(id))) return;
      timer = setTimeout(() => {
        timer = undefined;
        setNews((n) => n + 1);
      }, patience);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [id, live]);
  return news;
}
