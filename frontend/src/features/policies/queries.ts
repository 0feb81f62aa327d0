// What the screen asks Go. All of it is asked again when the guard has news.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, type go, type Pulse } from '../../api';
import { useFreshOn, useRenewed } from '../../frame/fresh';
import { useSession } from '../../frame/session';
import { usePages } from '../inventory/usePages';

const key = 'policies';
const previews = 'preview of policies';
const approvals = 'approvals';
const every = 500; // milliseconds: at most so often while traffic comes in
const changed = ({ guard, missed }: Pulse) => guard || missed;
const worked = ({ state, missed }: Pulse) => state || missed; // a preview is a job

/** useRenewPolicies gives what asks for everything anew, after a person has changed something. */
export const useRenewPolicies = () => useRenewed(key);
export const useRenewPreview = () => useRenewed(previews);
export const useRenewApprovals = () => useRenewed(approvals);

/** useFreshPolicies asks anew when Go says that something changed; mounted once, by the screen. */
export function useFreshPolicies(): void {
  useFreshOn(key, every, changed);
  useFreshOn(previews, every, worked);
}

/** useFreshApprovals is the same of what waits for a person; mounted once, by the frame. */
export const useFreshApprovals = () => useFreshOn(approvals, 50, changed);

export function usePolicies() {
  return useQuery({ queryKey: [key, 'list'], queryFn: () => api.policies.List({}) });
}

export function usePolicyWords() {
  return useQuery({ queryKey: [key, 'words'], queryFn: () => api.policies.Words({}), staleTime: 60_000 });
}

export function usePresets() {
  return useQuery({ queryKey: [key, 'presets'], queryFn: () => api.policies.Presets({}) });
}

export function useOutlets() {
  return useQuery({ queryKey: [key, 'outlets'], queryFn: () => api.policies.Outlets({}) });
}

const nobody: go.ApprovalRow[] = [];

/** useApprovals are what waits for a person; nothing is asked while nothing waits. */
export function useApprovals(): go.ApprovalRow[] {
  const waiting = useSession().data?.guard?.waiting ?? 0;
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: [approvals],
    queryFn: () => api.policies.Waiting({}),
    enabled: waiting > 0,
    staleTime: 0,
  });
  // What waited before is not shown again until what waits now has come.
  useEffect(() => {
    if (waiting === 0) client.removeQueries({ queryKey: [approvals] });
  }, [waiting, client]);
  return waiting > 0 && data ? data.items : nobody;
}

/** useWritable tells whether the open project can be written to. */
export function useWritable(): boolean {
  const project = useSession().data?.project;
  return !!project?.open && !project.read_only;
}

/** useRulings are what the guard did, the newest first. */
export const useRulings = (action: string, policy: string) =>
  usePages([key, 'rulings', action, policy], (from, limit) =>
    api.policies.Rulings({
      actions: action ? [action] : [],
      policies: policy ? [policy] : [],
      from,
      limit,
    }),
  );

/** usePreviewed is the latest preview, as far as it is known. */
export const usePreviewed = (action: string) =>
  usePages([previews, action], (from, limit) => api.policies.Previewed({ from, limit, action }));
