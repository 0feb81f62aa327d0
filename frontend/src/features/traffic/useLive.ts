import { useSyncExternalStore } from 'react';
import { live, type Shown } from './live';

/** useLive gives what is known of the view on screen. */
export function useLive(): Shown {
  return useSyncExternalStore(live.subscribe, live.snapshot);
}
