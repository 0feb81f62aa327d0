import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

// In a browser, package bridge tells of the connection to the Go side by this event, with lost or restored as detail.
const connectionEvent = 'assay:connection';

/** useConnectionLost tells whether the Go side is out of reach; when it is back, everything is asked again. */
export function useConnectionLost(): boolean {
  const client: QueryClient = useQueryClient();
  const [lost, setLost] = useState(false);
  useEffect(() => {
    const changed = (event: Event) => {
      const now = (event as CustomEvent<string>).detail;
      setLost(now === 'lost');
      if (now === 'restored') client.invalidateQueries();
    };
    window.addEventListener(connectionEvent, changed);
    return () => window.removeEventListener(connectionEvent, changed);
  }, [client]);
  return lost;
}
