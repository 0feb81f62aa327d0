import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../api';
import { t } from '../i18n';
import { choosePath } from './choose';
import { useNav } from './nav';
import { notifyError } from './notify';

/** useProjects opens other projects in place of this one. */
export function useProjects() {
  const client = useQueryClient();
  const opening = useMutation({
    mutationFn: (path: string) => api.session.OpenProject({ path }),
    onSuccess: () => useNav.setState({ past: [], params: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ['session'] }),
    onError: notifyError,
  });
  const open = (path: string) => {
    if (path && !opening.isPending) opening.mutate(path);
  };
  return {
    busy: opening.isPending,
    open,
    choose: async () => open(await choosePath({ title: t('frame.project.openTitle'), ext: 'assay' })),
    create: async () => {
      const { folder } = await api.session.Recent({}).catch(() => ({ folder: '' }));
      const name = await newPath(folder);
      open(name);
    },
  };
}

// A new project is proposed beside the others: without a folder it would land wherever the program was started.
async function newPath(folder: string): Promise<string> {
  const separator = folder.includes('\\') ? '\\' : '/';
  const name = t('frame.project.newName');
  const proposed = folder ? `${folder}${separator}${name}` : name;
  return choosePath({ title: t('frame.project.createTitle'), save: true, name: proposed, ext: 'assay' });
}

/** useRecentProjects gives the projects used last; asked only while it is shown. */
export function useRecentProjects(shown: boolean) {
  return useQuery({
    queryKey: ['session', 'recent'],
    queryFn: () => api.session.Recent({}),
    enabled: shown,
    staleTime: 0,
  });
}
