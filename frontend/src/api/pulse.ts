import { EventsOn } from '../wailsjs/runtime/runtime';

/** What changed since the last pulse (app/window/pulse.go): ids and counters, never content. */
export interface Pulse {
  seq: number;
  /** exchanges that ended */
  ended: string[];
  /** exchanges that began, went on, were read, marked or deleted */
  changed: string[];
  /** there were more than fit: ask for everything on screen */
  missed: boolean;
  /** capture, project or jobs changed */
  state: boolean;
  /** the newest revision of the inventory when it is another one than before, and 0 otherwise */
  inventory: number;
  /** a run came further, or a model, run or finding changed */
  tests: boolean;
  /** the watch saw something, or a threat, a rule or an exception changed */
  watch: boolean;
  /** the guard ruled, something waits or no longer waits for a person, or mode or policies changed */
  guard: boolean;
}

type Listener = (pulse: Pulse) => void;
const listeners = new Set<Listener>();
let listening = false;

/** onPulse calls back at most ten times a second with the ids of what changed, until the returned function is called. */
export function onPulse(listener: Listener): () => void {
  if (!listening) {
    listening = true;
    const tell = (pulse: Pulse) => {
      for (const each of listeners) each(pulse);
    };
    EventsOn('pulse', tell);
    // What a browser was not told while the connection was lost (see app/bridge) is like a pulse with too much in it.
    window.addEventListener('assay:connection', (event) => {
      if ((event as CustomEvent<string>).detail === 'restored') {
        tell({
          seq: 0,
          ended: [],
          changed: [],
          missed: true,
          state: true,
          inventory: 1,
          tests: true,
          watch: true,
          guard: true,
        });
      }
    });
  }
  listeners.add(listener);
  return () => listeners.delete(listener);
}
