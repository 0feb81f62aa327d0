import { useEffect, useState } from 'react';
import { useNav } from './nav';
import { useSession, useSummary } from './session';

/**
 * useFirstScreen decides once where a person begins: where clients are connected while nothing is recorded yet, else at
 * the traffic. It tells whether that is decided.
 */
export function useFirstScreen(): boolean {
  const [decided, setDecided] = useState(false);
  const project = useSession().data?.project;
  const summary = useSummary();
  const moved = useNav((nav) => nav.past.length > 0);
  useEffect(() => {
    if (decided || !project) return;
    if (project.open && summary.isPending && !moved) return;
    if (!moved && project.open) {
      useNav.setState({ screen: summary.data?.exchanges === 0 ? 'setup' : 'traffic', params: {} });
    }
    setDecided(true);
  }, [decided, project, summary.isPending, summary.data, moved]);
  return decided;
}
