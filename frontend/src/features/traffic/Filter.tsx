import { ActionIcon, Switch, Tooltip } from '@mantine/core';
import { IconFilter, IconFilterOff, IconX } from '@tabler/icons-react';
import { type RefObject, useCallback, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { t } from '../../i18n';
import { change, clearFilter } from './controller';
import classes from './Filter.module.css';
import { FilterInput } from './FilterInput';
import { FilterMenu } from './FilterMenu';
import type { Shown } from './live';
import { unitAt } from './points';
import { useTraffic } from './store';
import { useLive } from './useLive';
import type { Help } from './useSuggest';
import { ViewMenu } from './ViewMenu';

type State = ReturnType<typeof useTraffic.getState>;
const asked = ({ text, query, filterOn, all, group }: State) => ({ text, query, filterOn, all, group });

interface FilterProps {
  input: RefObject<HTMLInputElement | null>;
  focusList(): void;
}

/** Filter is the bar above the list: what is shown of the traffic, said in words and in numbers. */
export function Filter({ input, focusList }: FilterProps) {
  const { text, query, filterOn, group } = useTraffic(useShallow(asked));
  const [help, setHelp] = useState<Help | null>(null);
  const apply = useCallback((next: string) => {
    const { query, filterOn } = useTraffic.getState();
    if (next.trim() !== query.trim() || !filterOn) void change({ query: next, filterOn: true });
  }, []);
  const onText = useCallback((next: string) => {
    useTraffic.setState({ text: next });
    if (next === '') void change({ query: '' });
  }, []);
  const take = (next: string) => {
    useTraffic.setState({ text: next });
    void change({ query: next, filterOn: true });
    focusList();
  };
  return (
    <search aria-label={t('traffic.filter.label')}>
      <div className={classes.bar}>
        <FilterInput
          text={text}
          applied={query}
          on={filterOn}
          input={input}
          onText={onText}
          onApply={apply}
          onHelp={setHelp}
          onLeave={focusList}
        />
        {text && (
          <ActionIcon
            variant="subtle"
            aria-label={t('traffic.filter.clear')}
            onClick={() => void clearFilter()}
          >
            <IconX size={16} />
          </ActionIcon>
        )}
        <Tooltip label={filterOn ? t('traffic.filter.off') : t('traffic.filter.on')}>
          <ActionIcon
            variant="subtle"
            aria-pressed={!filterOn}
            aria-label={filterOn ? t('traffic.filter.off') : t('traffic.filter.on')}
            onClick={() => void change({ filterOn: !filterOn })}
          >
            {filterOn ? <IconFilter size={16} /> : <IconFilterOff size={16} />}
          </ActionIcon>
        </Tooltip>
        <FilterMenu text={text} onTake={take} />
        <Switch
          size="sm"
          label={t('traffic.group.switch')}
          checked={group}
          onChange={() => void change({ group: !group })}
        />
        <ViewMenu />
      </div>
      <Line help={help?.text === text ? help : null} input={input} />
    </search>
  );
}

// The line below: what is wrong with the query, or what it means and how much it finds.
function Line({ help, input }: { help: Help | null; input: FilterProps['input'] }) {
  const shown = useLive();
  const { text, filterOn, query } = useTraffic(useShallow(asked));
  const problem = help ? help.problem : text === query ? shown.problem : null;
  if (text && problem?.message) {
    return (
      <div className={classes.line} data-problem role="alert">
        <span className={classes.explain}>{problem.message}</span>
        {problem.nearest && <Nearest text={text} problem={problem} input={input} />}
      </div>
    );
  }
  return <Count shown={shown} explain={(filterOn && text && (help?.explain || shown.explain)) || ''} />;
}

function Nearest(props: { text: string; problem: Help['problem']; input: FilterProps['input'] }) {
  const { text, problem, input } = props;
  const replace = () => {
    const start = unitAt(text, problem.column - 1);
    const end = unitAt(text, problem.column - 1 + problem.length);
    useTraffic.setState({ text: text.slice(0, start) + problem.nearest + text.slice(end) });
    input.current?.focus();
  };
  return (
    <button type="button" className={classes.link} onClick={replace}>
      {t('traffic.filter.nearest', { field: problem.nearest })}
    </button>
  );
}

function Count({ shown, explain }: { shown: Shown; explain: string }) {
  const { all, group } = useTraffic(useShallow(asked));
  const values = { count: shown.count, total: shown.total };
  return (
    <div className={classes.line}>
      <span role="status">
        {explain && <span className={classes.explain}>{t('traffic.filter.means', { explain })} </span>}
        {shown.view !== '' &&
          (group ? t('traffic.count.groups', values) : t('traffic.count.exchanges', values))}
      </span>
      {(shown.folded > 0 || all) && (
        <button type="button" className={classes.link} onClick={() => void change({ all: !all })}>
          {all ? t('traffic.other.hide') : t('traffic.other.show', { n: shown.folded })}
        </button>
      )}
      {shown.looking && <span>{t('traffic.looking')}</span>}
      {shown.behind > 0 && <span>{t('traffic.behind', { n: shown.behind })}</span>}
    </div>
  );
}
