// What the tabs ask Go. All of it is asked again when the inventory has changed.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../../api';
import { endpoints } from './endpoints';
import { useOverview } from './overview';

const key = 'inventory';
const every = 500; // milliseconds: at most so often while traffic comes in, and what is new is seen within a second

/** useRenew gives what asks for everything anew, after a person has changed something. */
export function useRenew(): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: [key] });
    void endpoints.refresh();
  };
}

/** useFresh asks anew for what is shown when the inventory has another revision; mounted once, by the screen. */
export function useFresh(): void {
  const client = useQueryClient();
  const revision = useOverview().data?.revision;
  const seen = useRef(revision);
  const last = useRef(0);
  useEffect(() => {
    if (revision === undefined || revision === seen.current) return;
    if (seen.current === undefined) {
      seen.current = revision;
      return;
    }
    const wait = Math.max(0, last.current + every - performance.now());
    const timer = setTimeout(() => {
      seen.current = revision;
      last.current = performance.now();
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === key && queryKey[1] !== 'overview',
      });
      void endpoints.refresh();
    }, wait);
    return () => clearTimeout(timer);
  }, [client, revision]);
}

export function useEndpoint(id: string) {
  return useQuery({
    queryKey: [key, 'endpoint', id],
    queryFn: () => api.inventory.Endpoint({ id }),
    enabled: id !== '',
  });
}

export function useAssets(kind: string) {
  return useQuery({
    queryKey: [key, 'assets', kind],
    queryFn: () => api.inventory.Assets({ kind }),
    placeholderData: keepPreviousData,
  });
}

export function useAsset(id: string) {
  return useQuery({
    queryKey: [key, 'asset', id],
    queryFn: () => api.inventory.Asset({ id }),
    enabled: id !== '',
  });
}

export function useMap() {
  return useQuery({ queryKey: [key, 'map'], queryFn: () => api.inventory.Map({}) });
}

export function useTypes(enabled = true) {
  return useQuery({ queryKey: [key, 'types'], queryFn: () => api.inventory.Types({}), enabled });
}

export function useDocuments(enabled: boolean) {
  return useQuery({ queryKey: [key, 'documents'], queryFn: () => api.inventory.Documents({}), enabled });
}
