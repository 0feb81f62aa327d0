import { type RefObject, useEffect, useId, useRef } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Filter.module.css';
import { unitAt } from './points';
import { type Completed, useCompletion } from './useCompletion';

interface FilterInputProps extends Completed {
  on: boolean;
  /** what an empty line says; that of exchanges where it is absent */
  placeholder?: string;
}

/** FilterInput is the line in which a query is written: it suggests how to go on, and shows where it went wrong. */
export function FilterInput({ on, placeholder, ...completed }: FilterInputProps) {
  const { text, input } = completed;
  const list = useId();
  const { problem, suggestions, active, accept, handlers } = useCompletion(completed);
  return (
    <div className={classes.field} data-off={!on || undefined} data-problem={problem !== null || undefined}>
      <Underline text={text} problem={problem} input={input} />
      <input
        ref={input}
        className={classes.input}
        value={text}
        placeholder={placeholder ?? t('traffic.filter.placeholder')}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        role="combobox"
        aria-label={t('traffic.filter.label')}
        aria-expanded={suggestions.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={suggestions[active] ? `${list}-${active}` : undefined}
        aria-invalid={problem !== null}
        {...handlers}
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
