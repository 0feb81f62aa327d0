import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api';
import { notifyError } from './notify';
import { useSession } from './session';

/** useCapture switches recording on and off. */
export function useCapture() {
  const client = useQueryClient();
  const capture = useSession().data?.capture;
  const done = {
    onSettled: () => client.invalidateQueries({ queryKey: ['session'] }),
    onError: notifyError,
  };
  const start = useMutation({
    mutationFn: (listen: string) => api.session.StartCapture({ listen }),
    ...done,
  });
  const stop = useMutation({ mutationFn: () => api.session.StopCapture({}), ...done });
  const busy = start.isPending || stop.isPending;
  return {
    busy,
    /** begins to record; an empty address is the one in the settings */
    start: (listen = '') => {
      if (!busy) start.mutate(listen);
    },
    stop: () => {
      if (!busy) stop.mutate();
    },
    toggle: () => {
      if (busy) return;
      if (capture?.on) stop.mutate();
      else start.mutate('');
    },
  };
}
