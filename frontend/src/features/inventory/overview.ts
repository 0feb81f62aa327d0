import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, onPulse } from '../../api';
import { useSession } from '../../frame/session';

const after = 150; // milliseconds from a pulse to the question, so that many pulses are one question
const again = 500; // while exchanges wait to be folded

/** overviewKey is under what the sum of the inventory is kept. */
export const overviewKey = ['inventory', 'overview'] as const;

/** useOverview gives the sum of the inventory, fresh while traffic is folded into it. */
export function useOverview() {
  const open = useSession().data?.project.open ?? false;
  return useQuery({
    queryKey: overviewKey,
    queryFn: () => api.inventory.Overview({}),
    enabled: open,
    refetchInterval: ({ state }) => ((state.data?.behind ?? 0) > 0 ? again : false),
  });
}

/** useFreshOverview asks anew when the inventory has changed, or will; mounted once, by the rail. */
export function useFreshOverview(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      timer = undefined;
      void client.invalidateQueries({ queryKey: overviewKey });
    };
    const stop = onPulse(({ missed, ended, inventory }) => {
      if (missed || ended.length > 0 || inventory > 0) timer ??= setTimeout(ask, after);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
}
