import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { onPulse, type Pulse } from '../api';

/** useRenewed gives what asks anew for everything kept under a key, after a person has changed something. */
export function useRenewed(key: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [key] });
}

/**
 * useFreshOn asks anew for everything kept under a key when a pulse says that it changed, at most once in so many
 * milliseconds. It is mounted once, by the screen; changed must be the same function every time.
 */
export function useFreshOn(key: string, every: number, changed: (pulse: Pulse) => boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onPulse((pulse) => {
      if (!changed(pulse)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: [key] });
      }, every);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [client, key, every, changed]);
}
