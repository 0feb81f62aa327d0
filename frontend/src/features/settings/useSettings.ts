import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type go } from '../../api';
import { notifyError } from '../../frame/notify';

export type Settings = go.SettingsOut['settings'];
export type Section = Exclude<keyof Settings, 'window'>;
type Problems = go.SettingsOut['problems'];

const queryKey = ['settings', 'all'];

/** useSettings gives what a person can change, and keeps changes of one section at a time. */
export function useSettings() {
  const client = useQueryClient();
  const [problems, setProblems] = useState<Problems>([]);
  const query = useQuery({ queryKey, queryFn: () => api.settings.Load({}) });
  const taken = (out: go.SettingsOut) => {
    setProblems(out.problems);
    client.setQueryData(queryKey, out);
  };
  const save = useMutation({
    mutationFn: ({ section, settings }: { section: Section; settings: Settings }) =>
      api.settings.Save({ section, settings }),
    onSuccess: taken,
    onError: notifyError,
  });
  const change = <S extends Section>(section: S, to: Partial<Settings[S]>) => {
    const settings = query.data?.settings;
    if (!settings) return;
    save.mutate({ section, settings: { ...settings, [section]: { ...settings[section], ...to } } });
  };
  return { ...query, problems, change };
}

export type SettingsHold = ReturnType<typeof useSettings>;
