import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type RefObject, useCallback, useState } from 'react';
import { t } from '../../i18n';
import { FilterInput } from '../traffic/FilterInput';
import { unitAt } from '../traffic/points';
import type { Help } from '../traffic/useSuggest';
import type { Shown } from './endpoints';
import classes from './Filter.module.css';
import { suggest } from './fields';
import base from './inventory.module.css';
import { useInventory } from './store';

interface FilterProps {
  input: RefObject<HTMLInputElement | null>;
  shown: Shown;
  focusList(): void;
}

/** Filter is the bar above the endpoints: it speaks the language of Traffic, and says in words what it means. */
export function Filter({ input, shown, focusList }: FilterProps) {
  const { text, query } = useInventory();
  const [help, setHelp] = useState<Help | null>(null);
  const apply = useCallback((next: string) => useInventory.setState({ query: next.trim() }), []);
  const write = useCallback((next: string) => {
    useInventory.setState(next === '' ? { text: '', query: '' } : { text: next });
  }, []);
  const fresh = help?.text === text ? help : null;
  return (
    <search className={classes.filter} aria-label={t('inventory.filter.label')}>
      <div className={classes.filterBar}>
        <FilterInput
          on
          placeholder={t('inventory.filter.placeholder')}
          text={text}
          applied={query}
          input={input}
          ask={suggest}
          onText={write}
          onApply={apply}
          onHelp={setHelp}
          onLeave={focusList}
        />
        {text && (
          <ActionIcon
            aria-label={t('inventory.filter.clear')}
            onClick={() => {
              write('');
              input.current?.focus();
            }}
          >
            <IconX size={16} />
          </ActionIcon>
        )}
      </div>
      <Line text={text} query={query} help={fresh} shown={shown} input={input} />
    </search>
  );
}

interface LineProps {
  text: string;
  query: string;
  help: Help | null;
  shown: Shown;
  input: FilterProps['input'];
}

// The line below: what is wrong with the filter, or what it means and how much it finds.
function Line({ text, query, help, shown, input }: LineProps) {
  // A field that says nothing about endpoints is wrong only here: that is said by the list, not by what is typed.
  const problem = help?.problem.message ? help.problem : text.trim() === query ? shown.problem : null;
  if (text && problem?.message) {
    const replace = () => {
      const start = unitAt(text, problem.column - 1);
      const end = unitAt(text, problem.column - 1 + problem.length);
      useInventory.setState({ text: text.slice(0, start) + problem.nearest + text.slice(end) });
      input.current?.focus();
    };
    return (
      <p className={classes.line} data-problem role="alert">
        <span>{problem.message}</span>
        {problem.nearest && (
          <button type="button" className={base.link} onClick={replace}>
            {t('inventory.filter.nearest', { field: problem.nearest })}
          </button>
        )}
      </p>
    );
  }
  const explain = text ? (help?.explain ?? shown.explain) : '';
  return (
    <p className={classes.line} role="status">
      {explain && <span>{t('inventory.filter.means', { explain })}</span>}
      {shown.view !== '' && (
        <span>{t('inventory.endpoints.count', { n: shown.count, total: shown.total })}</span>
      )}
    </p>
  );
}
