import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type go } from '../../api';

/** Events that are asked for at once. */
const page = 200;

/** Pages of a stream, as they are looked at. */
export interface StreamPages {
  /** figures about all of it; undefined until the first answer */
  about: go.StreamOut | undefined;
  error: unknown;
  retry(): void;
  item(at: number): go.StreamItem | undefined;
  /** look says which lines are shown */
  look(from: number, to: number): void;
}

/** useStream gives the events that hold a text, and asks again when there is news. */
export function useStream(id: string, contains: string, news: number): StreamPages {
  const [shown, setShown] = useState({ first: 0, last: 0 });
  const numbers = Array.from({ length: shown.last - shown.first + 1 }, (_, n) => shown.first + n);
  const pages = useQueries({
    queries: numbers.map((n) => ({
      queryKey: ['exchange', 'stream', id, contains, n, news],
      queryFn: () => api.exchange.Stream({ id, contains, from: n * page, limit: page, whole: false }),
      placeholderData: keepPreviousData,
      gcTime: 30_000,
    })),
  });
  const about = pages.find(({ data }) => data)?.data;
  return {
    about,
    error: about ? undefined : pages.find(({ error }) => error)?.error,
    retry: () => {
      for (const { refetch } of pages) void refetch();
    },
    item: (at) => {
      const from = pages[Math.floor(at / page) - shown.first];
      return from?.data?.items[at % page];
    },
    look: (from, to) => {
      const first = Math.floor(from / page);
      const last = Math.max(first, Math.floor(to / page));
      if (first !== shown.first || last !== shown.last) setShown({ first, last });
    },
  };
}
