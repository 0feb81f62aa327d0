// The outside of the frontend, for tests: what Wails or package bridge put into the page. Answers are those of the Go
// side by "Struct.Method"; a method without one fails as a lost connection does.
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { go } from '../api';
import { theme } from '../theme/mantine';

type Answer = (input: never) => unknown;
type Method = (input: unknown) => Promise<unknown>;

/** install puts a Go side into the page and gives the calls made to it, as "Struct.Method" with the argument. */
export function install(answers: Record<string, Answer>): [string, unknown][] {
  const calls: [string, unknown][] = [];
  const method = (name: string): Method => {
    return async (input) => {
      calls.push([name, input]);
      const answer = answers[name];
      if (!answer) throw JSON.stringify({ code: 'connection', message: `nobody answers ${name}`, hint: '' });
      return answer(input as never);
    };
  };
  const struct = (name: string) =>
    new Proxy({}, { get: (_, key) => (typeof key === 'string' ? method(`${name}.${key}`) : undefined) });
  const structs = new Proxy({}, { get: (_, key) => (typeof key === 'string' ? struct(key) : undefined) });
  Object.assign(window, { go: { window: structs }, runtime: { EventsOnMultiple: () => () => {} } });
  return calls;
}

/** Surroundings are what every component of the window finds around it. */
export function Surroundings({ children }: { children: ReactNode }) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } });
  return (
    <QueryClientProvider client={queries}>
      <MantineProvider theme={theme} env="test">
        {children}
      </MantineProvider>
    </QueryClientProvider>
  );
}

const noFault: go.Fault = { code: '', message: '', hint: '' };

/** state is Session.State of an open project that is recorded into. */
export function state(
  change: {
    capture?: Partial<go.CaptureState>;
    project?: Partial<go.ProjectState>;
    guard?: Partial<go.GuardState>;
  } = {},
): go.State {
  return {
    version: 'test',
    os: 'linux',
    mode: 'browser',
    jobs: [],
    project: {
      open: true,
      path: '/engagements/acme.assay',
      name: 'acme',
      read_only: false,
      why: '',
      fault: noFault,
      ...change.project,
    },
    capture: {
      on: true,
      listen: '127.0.0.1:8080',
      wanted: '127.0.0.1:8080',
      clients: 3,
      open: 1,
      recorded: 12,
      tunnels: 0,
      refused: 0,
      overflow: 0,
      lost: 0,
      lost_why: '',
      fault: noFault,
      ...change.capture,
    },
    guard: {
      mode: 'off',
      at_work: true,
      policies: 0,
      closed: 0,
      waiting: 0,
      rulings: 0,
      lost: 0,
      ...change.guard,
    },
  };
}
