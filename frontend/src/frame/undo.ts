// What can be taken back: each act that has an undo pushes it here, whoever did it.
import { create } from 'zustand';

export interface Act {
  /** what was done, as the toast says it */
  text: string;
  undo(): void | Promise<void>;
  /** does it once more; absent when it cannot be */
  redo?(): void | Promise<void>;
}

interface Undo {
  done: Act[];
  undone: Act[];
}

const depth = 50;

export const useUndo = create<Undo>(() => ({ done: [], undone: [] }));

/** push remembers an act; what was undone before can no longer be redone. */
export function pushUndo(act: Act): void {
  useUndo.setState(({ done }) => ({ done: [...done.slice(1 - depth), act], undone: [] }));
}

/** takeBack undoes an act, the last one when none is named, once. It fails as the act's undo fails. */
export async function takeBack(act = useUndo.getState().done.at(-1)): Promise<Act | undefined> {
  const { done, undone } = useUndo.getState();
  if (!act || !done.includes(act)) return undefined;
  useUndo.setState({
    done: done.filter((other) => other !== act),
    undone: act.redo ? [...undone, act] : undone,
  });
  await act.undo();
  return act;
}

/** doAgain redoes the act that was undone last. */
export async function doAgain(): Promise<Act | undefined> {
  const { done, undone } = useUndo.getState();
  const act = undone.at(-1);
  if (!act?.redo) return undefined;
  useUndo.setState({ done: [...done, act], undone: undone.slice(0, -1) });
  await act.redo();
  return act;
}
