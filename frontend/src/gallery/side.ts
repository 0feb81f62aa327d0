// The Go side of the gallery: while it is mounted, every call to Go is answered from here, in the state that is shown.
import { Far as SetupFar } from '../features/setup/testing';
import { item, Far as TrafficFar } from '../features/traffic/testing';
import { answers } from './answers';
import { countOf, type State, textOf } from './states';

type Method = (input: unknown) => Promise<unknown>;
type Structs = Record<string, Record<string, Method>>;
type Host = { go?: { window: Structs }; runtime?: unknown };

const host = window as unknown as Host;

/** What the stories of other features are told, from the stand-ins of their own tests. */
function told(state: State): Structs {
  const traffic = new TrafficFar();
  traffic.items = Array.from({ length: countOf(state) }, (_, at) => {
    const text = textOf(state, at + 1);
    const tags = state === 'hostile' || state === 'long' ? [text] : ['todo'];
    return item(at + 1, { last_user: text, answer: text, client: text.slice(0, 60), tags, note: text });
  });
  const setup = new SetupFar();
  const structs: Structs = {};
  for (const far of [setup, traffic]) {
    far.install();
    Object.assign(structs, host.go?.window);
  }
  return structs;
}

const never = () => new Promise(() => {});

const broken = async () => {
  throw JSON.stringify({
    code: 'failed',
    message: 'The project could not be read: disk I/O error.',
    hint: 'Check the disk, then open the project again.',
  });
};

/** Methods that a story asked for and that have no answer here. */
export const unanswered = new Set<string>();

const missing = (name: string) => async () => {
  unanswered.add(name);
  throw JSON.stringify({
    code: 'failed',
    message: `The gallery has no answer for ${name}.`,
    hint: 'Add one in gallery/answers.ts.',
  });
};

/** stage puts a Go side in place of the real one, and gives what puts that back. */
export function stage(state: State): () => void {
  const { go: realGo, runtime: realRuntime } = host;
  const known = told(state);
  for (const [struct, methods] of Object.entries(answers(state))) {
    const answering = Object.entries(methods).map(([name, answer]) => [name, async () => answer]);
    known[struct] = { ...known[struct], ...Object.fromEntries(answering) };
  }
  const method = (struct: string, name: string): Method => {
    if (state === 'loading') return never;
    if (state === 'error') return broken;
    return known[struct]?.[name] ?? missing(`${struct}.${name}`);
  };
  const struct = (name: string) =>
    new Proxy({}, { get: (_, key) => (typeof key === 'string' ? method(name, key) : undefined) });
  const structs = new Proxy({}, { get: (_, key) => (typeof key === 'string' ? struct(key) : undefined) });
  host.go = { window: structs as Structs };
  host.runtime = { EventsOnMultiple: () => () => {} };
  return () => Object.assign(host, { go: realGo, runtime: realRuntime });
}
