import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Filter.module.css';
import { unitAt } from './points';
import { type Help, useSuggest } from './useSuggest';

const APPLY_AFTER = 300;

/** Who is in the middle of a field's name does not search for its first letters. */
const APPLY_LATER = 900;

interface FilterInputProps {
  text: string;
  applied: string;
  on: boolean;
  input: RefObject<HTMLInputElement | null>;
  onText(text: string): void;
  onApply(text: string): void;
  /** what the text means so far, or what is wrong with it */
  onHelp(help: Help): void;
  /** Enter or Esc: back to the list */
  onLeave(): void;
}

/** FilterInput is the line in which a query is written: it suggests how to go on, and shows where it went wrong. */
export function FilterInput(props: FilterInputProps) {
  const { text, applied, on, input, onText, onApply, onHelp, onLeave } = props;
  const list = useId();
  const [cursor, setCursor] = useState(0);
  const [focused, setFocused] = useState(false);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const help = useSuggest(text, cursor, focused);
  const offered = focused && help?.text === text ? help.suggestions : [];
  const suggestions = open ? offered : [];
  const problem = help?.text === text && help.problem.message ? help.problem : null;

  useEffect(() => {
    if (!help) return;
    setActive(-1);
    onHelp(help);
  }, [help, onHelp]);
  const naming = suggestions[0]?.kind === 'field';

  // What parses is applied after a pause.
  const fine = help?.text === text && !help.problem.message && text.trim() !== applied.trim() && focused;
  useEffect(() => {
    if (!fine) return;
    const timer = setTimeout(() => onApply(text), naming ? APPLY_LATER : APPLY_AFTER);
    return () => clearTimeout(timer);
  }, [fine, naming, text, onApply]);

  const accept = (suggestion: go.Suggestion) => {
    const [start, end] = [unitAt(text, suggestion.start), unitAt(text, suggestion.end)];
    const next = text.slice(0, start) + suggestion.text + text.slice(end);
    onText(next);
    const place = start + suggestion.text.length;
    setCursor(place);
    setActive(-1);
    requestAnimationFrame(() => input.current?.setSelectionRange(place, place));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const pick = suggestions[active] ?? (event.key === 'Tab' ? suggestions[0] : undefined);
    if (way !== undefined) {
      setOpen(true);
      const n = offered.length;
      if (n > 0) setActive((active < 0 && way < 0 ? n - 1 : active + way + n) % n);
    } else if ((event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) && pick) accept(pick);
    else if (event.key === 'Enter') {
      setOpen(false);
      onApply(text);
      if (!problem) onLeave();
    } else if (event.key === 'Escape' && suggestions.length > 0 && text !== '') setOpen(false);
    else if (event.key === 'Escape') onLeave();
    else return;
    event.preventDefault();
  };

  return (
    <div className={classes.field} data-off={!on || undefined} data-problem={problem !== null || undefined}>
      <Underline text={text} problem={problem} input={input} />
      <input
        ref={input}
        className={classes.input}
        value={text}
        placeholder={t('traffic.filter.placeholder')}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        role="combobox"
        aria-label={t('traffic.filter.label')}
        aria-expanded={suggestions.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 && suggestions[active] ? `${list}-${active}` : undefined}
        aria-invalid={problem !== null}
        onChange={(event) => {
          onText(event.currentTarget.value);
          setCursor(event.currentTarget.selectionStart ?? 0);
          setOpen(true);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
        onFocus={() => setFocused(true)}
        onBlur={() => {
          setFocused(false);
          setOpen(false);
        }}
        onKeyDown={onKeyDown}
      />
      <Suggestions list={list} suggestions={suggestions} active={active} onAccept={accept} />
    </div>
  );
}

interface SuggestionsProps {
  list: string;
  suggestions: go.Suggestion[];
  active: number;
  onAccept(suggestion: go.Suggestion): void;
}

function Suggestions({ list, suggestions, active, onAccept }: SuggestionsProps) {
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => {
    shown.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' });
    void active;
  }, [active]);
  return (
    <div
      ref={shown}
      id={list}
      className={classes.suggestions}
      role="listbox"
      aria-label={t('traffic.filter.suggestions')}
      hidden={suggestions.length === 0}
    >
      {suggestions.map((suggestion, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the input has the focus and the keys
        <div
          key={`${suggestion.kind} ${suggestion.text}`}
          id={`${list}-${index}`}
          role="option"
          className={classes.suggestion}
          aria-selected={index === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onAccept(suggestion)}
        >
          <span className={classes.word}>
            <Visible text={suggestion.text} />
          </span>
          <span className={classes.help}>{suggestion.help}</span>
        </div>
      ))}
    </div>
  );
}

// A copy of the text lies under the input, transparent, with a wavy line where the query goes wrong.
function Underline(props: {
  text: string;
  problem: go.QueryFault | null;
  input: RefObject<HTMLInputElement | null>;
}) {
  const { text, problem, input } = props;
  const copy = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const field = input.current;
    if (!field || !problem) return;
    const follow = () => {
      if (copy.current) copy.current.scrollLeft = field.scrollLeft;
    };
    follow();
    field.addEventListener('scroll', follow);
    return () => field.removeEventListener('scroll', follow);
  }, [problem, input]);
  if (!problem) return null;
  const start = unitAt(text, problem.column - 1);
  const end = Math.max(start + 1, unitAt(text, problem.column - 1 + problem.length));
  return (
    <div ref={copy} className={classes.copy} aria-hidden>
      {text.slice(0, start)}
      <span className={classes.wrong}>{text.slice(start, end) || ' '}</span>
      {text.slice(end)}
    </div>
  );
}
