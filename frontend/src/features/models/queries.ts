// What the screen asks Go. All of it is asked again when models, findings or the inventory have changed.
import { useQuery } from '@tanstack/react-query';
import { api, type Pulse } from '../../api';
import { useFreshOn, useRenewed } from '../../frame/fresh';

const key = 'models';
const every = 700; // milliseconds: at most so often while traffic comes in
const changed = ({ tests, inventory, missed }: Pulse) => tests || inventory > 0 || missed;

/** useRenewModels gives what asks for everything anew, after a person has changed something. */
export const useRenewModels = () => useRenewed(key);

/** useFreshModels asks anew when Go says that something changed; mounted once, by the screen. */
export const useFreshModels = () => useFreshOn(key, every, changed);

export function useModels() {
  return useQuery({ queryKey: [key, 'list'], queryFn: () => api.models.List({}) });
}

export function useModel(id: string) {
  return useQuery({ queryKey: [key, 'one', id], queryFn: () => api.models.Get({ id }), enabled: id !== '' });
}

export function usePresets() {
  return useQuery({
    queryKey: ['presets'],
    queryFn: () => api.models.Presets({}),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** useLocal asks the usual ports of this machine; only when the person looks for them. */
export function useLocal(enabled: boolean) {
  return useQuery({
    queryKey: ['local models'],
    queryFn: () => api.models.Local({}),
    enabled,
    staleTime: 0,
    retry: false,
  });
}

export function useRoles() {
  return useQuery({ queryKey: [key, 'roles'], queryFn: () => api.models.Roles({}) });
}
