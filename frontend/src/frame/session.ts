import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, onPulse } from '../api';

/** useSession gives Session.State, fresh at each pulse that says it changed. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: () => api.session.State({}),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** useSessionPulse keeps useSession fresh; mounted once, by the frame. */
export function useSessionPulse() {
  const client = useQueryClient();
  useEffect(
    () =>
      onPulse((pulse) => {
        if (pulse.state) client.invalidateQueries({ queryKey: ['session'] });
      }),
    [client],
  );
}
