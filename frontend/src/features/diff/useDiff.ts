import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, onPulse } from '../../api';

export type Side = 'answer' | 'request';

/** The kinds of noise that are ignored unless a person wants to see them. */
export const kinds = ['ids', 'dates', 'usage', 'transport'];

/** useDiff compares two exchanges, again and again while one of them still arrives. */
export function useDiff(a: string, b: string, side: Side, ignore: string[]) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['diff', a, b, side, ignore],
    queryFn: () => api.diff.Compare({ a, b, side, ignore }),
    placeholderData: keepPreviousData,
    enabled: a !== '' && b !== '',
  });
  const open = query.data?.open ?? true;
  useEffect(() => {
    if (!open) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onPulse(({ changed, ended, missed }) => {
      if (timer || !(missed || [a, b].some((id) => changed.includes(id) || ended.includes(id)))) return;
      timer = setTimeout(() => {
        timer = undefined;
        client.invalidateQueries({ queryKey: ['diff', a, b] });
      }, 500);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client, a, b, open]);
  return query;
}
