// What the tabs ask Go. What runs change is asked again when they came further.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type go, onPulse } from '../../api';
import { useSession } from '../../frame/session';
import { cases } from './cases';

const library = 'templates';
const runs = 'runs';
const every = 400; // milliseconds between two questions while runs are at work
const folderEvery = 2_500; // how often the folder of templates is looked at while the library is open

/** useFreshRuns asks anew for what runs came to, for as long as the frame is there: the status bar tells of them. */
export function useFreshRuns(): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const ask = () => {
      // What is under way is waited for: to ask anew would throw its answer away, again and again while a run is at work.
      if (client.isFetching({ queryKey: [runs] }) > 0) {
        timer = setTimeout(ask, every / 2);
        return;
      }
      timer = undefined;
      last = performance.now();
      void client.invalidateQueries({ queryKey: [runs] });
      cases.refresh();
    };
    const stop = onPulse(({ tests, missed }) => {
      if (!tests && !missed) return;
      timer ??= setTimeout(ask, Math.max(0, last + every - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client]);
}

/** useRenewRuns gives what asks for everything about runs anew, after a person has changed something. */
export function useRenewRuns(): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: [runs] });
    cases.refresh();
  };
}

/** useLibrary gives the templates, fresh when a file of the folder changes. */
export function useLibrary() {
  const client = useQueryClient();
  const shelf = useQuery({
    queryKey: [library, 'shelf'],
    queryFn: () => api.tests.Shelf({}),
    refetchInterval: folderEvery,
  });
  const all = useQuery({
    queryKey: [library, 'all'],
    queryFn: () => api.tests.Library({}),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [now, read] = [shelf.data?.revision, all.data?.revision];
  useEffect(() => {
    if (now !== undefined && read !== undefined && now !== read) {
      void client.invalidateQueries({
        queryKey: [library],
        predicate: ({ queryKey }) => queryKey[1] !== 'shelf',
      });
    }
  }, [client, now, read]);
  return all;
}

/** useRenewLibrary gives what reads the templates anew. */
export function useRenewLibrary(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: [library] });
}

export function useTemplate(id: string) {
  return useQuery({
    queryKey: [library, 'one', id],
    queryFn: () => api.tests.Template({ id }),
    enabled: id !== '',
    placeholderData: keepPreviousData,
  });
}

export function useSource(file: string) {
  return useQuery({
    queryKey: [library, 'source', file],
    queryFn: () => api.tests.Source({ file }),
    enabled: file !== '',
  });
}

export function useTargets() {
  return useQuery({ queryKey: [runs, 'targets'], queryFn: () => api.tests.Targets({}) });
}

/** usePlan works out what would be sent. */
export function usePlan(plan: go.PlanIn) {
  // Its name and who allowed it change nothing of what is sent.
  const { name: _, authorisation: __, confirmed: ___, ...what } = plan;
  return useQuery({
    queryKey: ['tests', 'plan', what],
    queryFn: () => api.tests.Plan({ ...plan, confirmed: false }),
    enabled: plan.targets.length > 0,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
}

export function useRuns() {
  return useQuery({ queryKey: [runs, 'list'], queryFn: () => api.tests.Runs({}) });
}

/** useRunning gives the runs at work in this program. */
export function useRunning() {
  const open = useSession().data?.project.open ?? false;
  return useQuery({ queryKey: [runs, 'running'], queryFn: () => api.tests.Running({}), enabled: open });
}

export function useRun(id: string) {
  return useQuery({
    queryKey: [runs, 'one', id],
    queryFn: () => api.tests.Run({ id }),
    enabled: id !== '',
    // another run is not shown in the place of this one
    placeholderData: (before) => (before?.row.id === id ? before : undefined),
  });
}

export function useCase(run: string, n: number) {
  return useQuery({
    queryKey: [runs, 'case', run, n],
    queryFn: () => api.tests.Case({ run, n }),
    enabled: n > 0,
    placeholderData: keepPreviousData,
  });
}

export function useHeat(run: string, row: string, column: string) {
  return useQuery({
    queryKey: [runs, 'heat', run, row, column],
    queryFn: () => api.tests.Heat({ run, row, column }),
    placeholderData: keepPreviousData,
  });
}

export function useErrors(id: string) {
  return useQuery({
    queryKey: [runs, 'errors', id],
    queryFn: () => api.tests.Errors({ id }),
    placeholderData: keepPreviousData,
  });
}
