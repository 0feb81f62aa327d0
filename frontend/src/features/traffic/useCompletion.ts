import {
  type ChangeEvent,
  type KeyboardEvent,
  type RefObject,
  type SyntheticEvent,
  useEffect,
  useState,
} from 'react';
import type { go } from '../../api';
import { unitAt } from './points';
import { type Ask, type Help, useSuggest } from './useSuggest';

const APPLY_AFTER = 300;

/** Who is in the middle of a field's name does not search for its first letters. */
const APPLY_LATER = 900;

/** Completed is a query that is being written. */
export interface Completed {
  text: string;
  applied: string;
  input: RefObject<HTMLInputElement | null>;
  onText(text: string): void;
  onApply(text: string): void;
  /** what the text means so far, or what is wrong with it */
  onHelp(help: Help): void;
  /** Enter or Esc: back to the list */
  onLeave(): void;
  /** says how it may go on; that of exchanges where it is absent */
  ask?: Ask;
}

/** useCompletion is what a query's line does while it is written: suggest, accept, apply, leave. */
export function useCompletion(query: Completed) {
  const { text, input, onText, onHelp } = query;
  const [cursor, setCursor] = useState(0);
  const [focused, setFocused] = useState(false);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const help = useSuggest(text, cursor, focused, query.ask);
  const fresh = help?.text === text ? help : undefined;
  const offered = (focused && fresh?.suggestions) || [];
  const suggestions = open ? offered : [];
  const problem = fresh?.problem.message ? fresh.problem : null;
  useEffect(() => {
    if (!help) return;
    setActive(-1);
    onHelp(help);
  }, [help, onHelp]);
  useApplied(query, focused && fresh !== undefined && !problem, suggestions[0]?.kind === 'field');

  const accept = (suggestion: go.Suggestion) => {
    const [start, end] = [unitAt(text, suggestion.start), unitAt(text, suggestion.end)];
    onText(text.slice(0, start) + suggestion.text + text.slice(end));
    const place = start + suggestion.text.length;
    setCursor(place);
    setActive(-1);
    requestAnimationFrame(() => input.current?.setSelectionRange(place, place));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const n = offered.length;
    if (way !== undefined) {
      setOpen(true);
      if (n > 0) setActive((active < 0 && way < 0 ? n - 1 : active + way + n) % n);
    } else if (!pressed(event, query, { suggestions, active, problem, accept, close: () => setOpen(false) }))
      return;
    event.preventDefault();
  };
  const onChange = (event: ChangeEvent<HTMLInputElement>) => {
    onText(event.currentTarget.value);
    setCursor(event.currentTarget.selectionStart ?? 0);
    setOpen(true);
  };
  const onSelect = (event: SyntheticEvent<HTMLInputElement>) =>
    setCursor(event.currentTarget.selectionStart ?? 0);
  const onFocus = () => setFocused(true);
  const onBlur = () => {
    setFocused(false);
    setOpen(false);
  };
  return {
    problem,
    suggestions,
    active,
    accept,
    handlers: { onKeyDown, onChange, onSelect, onFocus, onBlur },
  };
}

// What parses is applied after a pause.
function useApplied({ text, applied, onApply }: Completed, fine: boolean, naming: boolean): void {
  const due = fine && text.trim() !== applied.trim();
  useEffect(() => {
    if (!due) return;
    const timer = setTimeout(() => onApply(text), naming ? APPLY_LATER : APPLY_AFTER);
    return () => clearTimeout(timer);
  }, [due, naming, text, onApply]);
}

interface Offer {
  suggestions: go.Suggestion[];
  active: number;
  problem: go.QueryFault | null;
  accept(suggestion: go.Suggestion): void;
  close(): void;
}

/** pressed does what Enter, Tab and Esc mean, and tells whether they meant anything. */
function pressed(event: KeyboardEvent, { text, onApply, onLeave }: Completed, offer: Offer): boolean {
  const { suggestions, active, problem, accept, close } = offer;
  const takes = event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey);
  const pick = suggestions[active] ?? (event.key === 'Tab' ? suggestions[0] : undefined);
  if (takes && pick) accept(pick);
  else if (event.key === 'Enter') {
    close();
    onApply(text);
    if (!problem) onLeave();
  } else if (event.key === 'Escape' && suggestions.length > 0 && text !== '') close();
  else if (event.key === 'Escape') onLeave();
  else return false;
  return true;
}
