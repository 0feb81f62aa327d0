// What the Go sides of several tests have in common: one struct of window.go, played in memory.
import type { Pulse } from '../api';

type Method = (input: never) => unknown;

// the window listens once, whoever is on the other side
const listeners: ((pulse: Pulse) => void)[] = [];

/** Side is one struct of the Go side: what it answers, what was asked of it, and the pulses it sends. */
export abstract class Side {
  /** the name of the struct in window.go.window */
  protected abstract readonly struct: string;
  calls: { method: string; input: unknown }[] = [];

  /** methods are the answers, by the name of the method. */
  protected abstract methods(): object;

  /** install puts the struct into the page, beside those that are there. */
  install(): void {
    const bound = Object.entries(this.methods() as Record<string, Method>).map(([method, run]) => [
      method,
      async (input: never) => {
        this.calls.push({ method, input });
        return run(input);
      },
    ]);
    const host = window as unknown as { go?: { window: object }; runtime?: unknown };
    host.go = { window: { ...host.go?.window, [this.struct]: Object.fromEntries(bound) } };
    host.runtime = {
      EventsOnMultiple: (_: string, listener: (pulse: Pulse) => void) => listeners.push(listener),
    };
  }

  /** asked gives the inputs of the calls of a method, oldest first. */
  asked<T>(method: string): T[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.input as T);
  }

  /** pulse tells the window that something changed. */
  protected pulse(change: Partial<Pulse>): void {
    const pulse = {
      seq: 1,
      ended: [],
      changed: [],
      missed: false,
      state: false,
      inventory: 0,
      tests: false,
      watch: false,
      guard: false,
    };
    for (const each of listeners) each({ ...pulse, ...change });
  }
}
