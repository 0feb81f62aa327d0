import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type go, onPulse } from '../../api';

/** useTabs lists the open tabs. */
export function useTabs() {
  return useQuery({ queryKey: ['repeater', 'tabs'], queryFn: () => api.repeater.Tabs({}) });
}

/** useForm gives the request of a tab as it is edited. */
export function useForm(tab: string) {
  return useQuery({ queryKey: ['repeater', 'form', tab], queryFn: () => api.repeater.Form({ tab }) });
}

/** useHistory lists what was sent from a tab, fresh while anything of it arrives. */
export function useHistory(tab: string) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['repeater', 'history', tab],
    queryFn: () => api.repeater.History({ tab }),
    // What a pulse tells of may come before the last one is counted.
    refetchInterval: ({ state }) => (state.data?.sending ? 1000 : false),
  });
  const ids = query.data?.sent.map((sent) => sent.row.id).join(' ');
  const sending = query.data?.sending ?? 0;
  useEffect(() => {
    const shown = new Set(ids?.split(' '));
    return onPulse(({ changed, ended, missed }) => {
      if (missed || sending > 0 || [...changed, ...ended].some((id) => shown.has(id))) {
        client.invalidateQueries({ queryKey: ['repeater', 'history', tab] });
        client.invalidateQueries({ queryKey: ['repeater', 'agreement', tab] });
      }
    });
  }, [client, tab, ids, sending]);
  return query;
}

/** useKept gives what puts a changed form where everybody sees it. */
export function useKept(tab: string) {
  const client = useQueryClient();
  return async (form: go.Form) => {
    // A form that was asked for before this change must not be shown after it.
    await client.cancelQueries({ queryKey: ['repeater', 'form', tab] });
    client.setQueryData(['repeater', 'form', tab], form);
    client.setQueryData<go.TabsOut>(
      ['repeater', 'tabs'],
      (old) => old && { ...old, tabs: old.tabs.map((each) => (each.id === tab ? form.tab : each)) },
    );
  };
}
