import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, type go, raw } from '../../api';
import { useReports } from './store';

const key = 'reports';

/** PAUSE is how long nothing is typed before the report is gathered and kept, in milliseconds. */
export const PAUSE = 500;

/** Shown is a report that was gathered, with its page. */
export interface Shown extends go.ReportPreview {
  html: string;
}

/** useChoices is what a report can be made of. */
export function useChoices() {
  return useQuery({ queryKey: [key, 'choices'], queryFn: () => api.reports.Choices({}), staleTime: 0 });
}

/** useRenewChoices asks for it anew. */
export function useRenewChoices() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [key, 'choices'] });
}

/** useSettled is a value once it has not changed for a while. */
export function useSettled<T>(value: T, pause = PAUSE): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}

/** plain is a form without what changes nothing of the report. */
const plain = (form: go.ReportForm | null) => (form ? JSON.stringify({ ...form, format: '' }) : '');

/** usePreview is the report as it is now; the one before stays until it is there. */
export function usePreview() {
  const { form, version } = useReports();
  const asked = useSettled(plain(form));
  const query = useQuery({
    queryKey: [key, 'preview', asked, version],
    queryFn: async ({ signal }): Promise<Shown> => {
      const out = await api.reports.Preview(JSON.parse(asked) as go.ReportForm);
      const html = out.large ? '' : await (await raw(out.page, signal)).text();
      useReports.setState({ preview: out.id });
      return { ...out, html };
    },
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0, // a report is large, and old as soon as it is gathered
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });
  return { ...query, behind: query.isFetching || asked !== plain(form) };
}

/** useMade are the reports that were made. */
export function useMade() {
  return useQuery({ queryKey: [key, 'made'], queryFn: () => api.reports.Made({}), staleTime: 0 });
}

/** useRenewMade asks for them anew. */
export function useRenewMade() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [key, 'made'] });
}

/** useKept keeps what is chosen in the project, a moment after it was. */
export function useKept(writable: boolean): unknown {
  const form = useReports((state) => state.form);
  const settled = useSettled(form);
  const [first, setFirst] = useState<go.ReportForm | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (!settled || !writable) return;
    if (!first) {
      setFirst(settled); // it came from there
      return;
    }
    if (settled === first) return;
    let over = false;
    api.reports.Keep(settled).then(
      () => !over && setError(null),
      (reason) => !over && setError(reason),
    );
    return () => {
      over = true;
    };
  }, [settled, writable, first]);
  return error;
}
