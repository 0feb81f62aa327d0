import { Button } from '@mantine/core';
import { IconHourglass, IconX } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import findings from '../findings/findings.module.css';
import { JudgedChips, JudgedCount } from '../findings/Judged';
import { Words } from '../inventory/Words';
import { judging } from './List';
import { everything, setFilter, useThreats } from './store';

interface FiltersProps {
  summary: go.ThreatsSummary;
  total: number | undefined;
  focusList(): void;
}

/** Filters are states and severities with their numbers, slow ones, and words. */
export function Filters({ summary, total, focusList }: FiltersProps) {
  const filter = useThreats((state) => state.filter);
  const narrowed = JSON.stringify(filter) !== JSON.stringify(everything);
  return (
    <search className={findings.filters} aria-label={t('threats.filter.label')}>
      <JudgedChips of={judging} counts={summary} filter={filter} onFilter={setFilter} />
      <div className={findings.bar}>
        <Words
          command="threats.filter"
          label={t('threats.filter.text')}
          text={filter.text}
          onText={(text) => setFilter({ text })}
          focusList={focusList}
        />
        <Button
          size="compact-sm"
          variant={filter.slow ? 'light' : 'default'}
          aria-pressed={filter.slow}
          leftSection={<IconHourglass size={14} />}
          title={t('threats.slowText')}
          onClick={() => setFilter({ slow: !filter.slow })}
        >
          {t('threats.filter.slow')}
        </Button>
        {filter.rules.map((rule) => (
          <Button
            key={rule}
            size="compact-sm"
            variant="light"
            rightSection={<IconX size={12} />}
            onClick={() => setFilter({ rules: [] })}
          >
            {t('threats.filter.rule', { rule })}
          </Button>
        ))}
        <JudgedCount
          words={judging.words}
          narrowed={narrowed}
          total={total}
          all={summary.total}
          onEverything={() => setFilter(everything)}
        />
      </div>
    </search>
  );
}
