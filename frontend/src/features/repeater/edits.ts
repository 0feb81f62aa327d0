import { useEffect, useRef, useState } from 'react';
import { notifyError } from '../../frame/notify';

/** How long a person must not type before what was typed is kept, in milliseconds. */
const pause = 500;

const nothing = () => {};

const pending = new Set<() => Promise<void>>();

/** keepEdits keeps everything that was typed and not kept yet: before a request is sent, or a tab left. */
export async function keepEdits(): Promise<void> {
  await Promise.all([...pending].map((keep) => keep()));
}

/**
 * useEdit lets a person type while what they type is kept now and then. Text that arrives meanwhile does not disturb
 * them: it is shown when the field is left.
 */
export function useEdit(value: string, save: (value: string) => Promise<unknown>) {
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const unsaved = useRef<string | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(save);
  latest.current = save;
  const saving = useRef<Promise<void>>(Promise.resolve());
  // What is on its way to be kept stays pending: who sends waits for it. Saves of a field follow each other.
  const keep = useRef(() => {
    clearTimeout(timer.current);
    const text = unsaved.current;
    unsaved.current = undefined;
    if (text !== undefined)
      saving.current = saving.current.then(() => latest.current(text)).then(nothing, notifyError);
    const last = saving.current;
    return last.then(() => {
      if (saving.current === last && unsaved.current === undefined) pending.delete(keep.current);
    });
  });
  useEffect(() => {
    const last = keep.current;
    return () => void last();
  }, []);
  return {
    value: draft ?? value,
    change: (text: string) => {
      setDraft(text);
      unsaved.current = text;
      pending.add(keep.current);
      clearTimeout(timer.current);
      timer.current = setTimeout(keep.current, pause);
    },
    leave: async () => {
      await keep.current();
      // Who came back and typed again meanwhile is not disturbed.
      setDraft((now) => (now === draft ? undefined : now));
    },
  };
}
