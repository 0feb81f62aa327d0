import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { api, type go } from '../../api';

const PAGE = 200;

/** usePlaces gives the places of a type of sensitive data, of all types for an empty one: those in sight are here. */
export function usePlaces(type: string) {
  const [{ first, end }, setRange] = useState({ first: 0, end: 1 });
  const pages = new Set([0]); // it says how many there are
  for (let n = Math.floor(first / PAGE); n * PAGE < end; n++) pages.add(n);
  const numbers = [...pages];
  const results = useQueries({
    queries: numbers.map((n) => ({
      queryKey: ['inventory', 'places', type, n],
      queryFn: () => api.inventory.Sensitive({ type, class: '', endpoint: '', from: n * PAGE, limit: PAGE }),
      ...(n === 0 && { placeholderData: keepPreviousData }),
    })),
  });
  const known = results[0];
  const fresh = known?.isPlaceholderData ? undefined : known?.data;
  const at = (index: number): go.SensitivePlace | undefined => {
    const which = numbers.indexOf(Math.floor(index / PAGE));
    const result = results[which];
    return result?.isPlaceholderData ? undefined : result?.data?.items[index % PAGE];
  };
  const want = useCallback((from: number, to: number) => {
    setRange((now) => (now.first === from && now.end === to ? now : { first: from, end: to }));
  }, []);
  return {
    /** undefined until it is known */
    count: fresh?.count,
    types: known?.data?.types,
    at,
    want,
    busy: results.some(({ isFetching }) => isFetching),
    error: results.find(({ error }) => error)?.error,
    retry: () => {
      for (const result of results) void result.refetch();
    },
  };
}
