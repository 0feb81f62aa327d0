import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type go, onPulse } from '../../api';

/** merge puts what is new of a conversation to what the window has of it. */
function merge(had: go.ChatOut | undefined, next: go.ChatOut): go.ChatOut {
  if (!next.same || !had) return next;
  const { system, tools, messages, from, inherited, total, pinned, before } = had;
  const answer = [...had.answer.slice(0, next.answer_from), ...next.answer];
  const grown = next.answer[0];
  if (next.append && grown) {
    const start = had.answer[next.answer_from]?.text ?? '';
    answer[next.answer_from] = { ...grown, text: start + grown.text };
  }
  return { ...next, system, tools, messages, from, inherited, total, pinned, before, answer };
}

interface Asked {
  chat?: go.ChatOut;
  error?: unknown;
}

/**
 * useChat gives a conversation and follows it while it arrives: at each pulse that names it, it asks for what is new,
 * one question at a time.
 */
export function useChat(id: string, all: boolean): Asked & { retry(): void } {
  const [asked, setAsked] = useState<Asked>({});
  const held = useRef<go.ChatOut | undefined>(undefined);
  const ask = useRef(() => {});
  useEffect(() => {
    let gone = false;
    let asking = false;
    let again = false;
    let whole = true; // the first question asks for everything
    ask.current = async () => {
      again = asking;
      if (asking) return;
      asking = true;
      try {
        const next = await api.exchange.Chat({ id, all, have: whole ? '' : (held.current?.have ?? '') });
        if (gone) return;
        held.current = merge(whole ? undefined : held.current, next);
        whole = false;
        setAsked({ chat: held.current });
      } catch (error) {
        if (!gone) setAsked({ ...(held.current ? { chat: held.current } : {}), error });
      } finally {
        asking = false;
        if (again && !gone) ask.current();
      }
    };
    ask.current();
    const stop = onPulse(({ changed, ended, missed }) => {
      if (!whole && !held.current?.live) return; // marks do not change what was said
      if (missed || changed.includes(id) || ended.includes(id)) ask.current();
    });
    return () => {
      gone = true;
      stop();
    };
  }, [id, all]);
  const retry = useCallback(() => ask.current(), []);
  return { ...asked, retry };
}
