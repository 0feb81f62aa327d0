import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api';
import { useNews } from './news';

const ended = new Set(['complete', 'closed', 'failed', 'unsent']);

/** useHeads gives everything around the bodies of an exchange, fresh while it arrives. */
export function useHeads(id: string) {
  const [live, setLive] = useState(true);
  const news = useNews(id, live);
  const query = useQuery({
    queryKey: ['exchange', 'heads', id, news],
    queryFn: () => api.exchange.Heads({ id }),
    placeholderData: (before, of) => (of?.queryKey[2] === id ? keepPreviousData(before) : undefined),
  });
  const arriving = query.data ? !ended.has(query.data.state) : true;
  if (arriving !== live) setLive(arriving);
  return { ...query, live: arriving && query.data !== undefined, news };
}
