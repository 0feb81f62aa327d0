import { Button, Popover, Select } from '@mantine/core';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Words } from '../inventory/Words';
import { Covered } from './Coverage';
import { short } from './columns';
import classes from './findings.module.css';
import { JudgedChips, JudgedCount } from './Judged';
import { judging } from './List';
import { everything, setFilter, useFindings } from './store';

interface FiltersProps {
  summary: go.FindingsSummary;
  total: number | undefined;
  focusList(): void;
}

/** Filters are states and severities with their numbers, target, OWASP item and words. */
export function Filters({ summary, total, focusList }: FiltersProps) {
  const filter = useFindings((state) => state.filter);
  const narrowed = JSON.stringify(filter) !== JSON.stringify(everything);
  const tested = summary.coverage.filter(({ judged }) => judged > 0).length;
  return (
    <search className={classes.filters} aria-label={t('findings.filter.label')}>
      <JudgedChips of={judging} counts={summary} filter={filter} onFilter={setFilter} />
      <div className={classes.bar}>
        <Words
          command="findings.filter"
          label={t('findings.filter.text')}
          text={filter.text}
          onText={(text) => setFilter({ text })}
          focusList={focusList}
        />
        <Select
          size="xs"
          aria-label={t('findings.filter.target')}
          placeholder={t('findings.filter.target')}
          data={summary.targets.map(({ value, name, n }) => ({ value, label: `${name || value} (${n})` }))}
          value={filter.targets[0] ?? null}
          clearable
          searchable
          onChange={(target) => setFilter({ targets: target ? [target] : [] })}
        />
        <Select
          size="xs"
          aria-label={t('findings.filter.owasp')}
          placeholder={t('findings.filter.owasp')}
          data={summary.owasp.map(({ value, name, n }) => ({
            value,
            label: `${short(value)} ${name} (${n})`,
          }))}
          value={filter.owasp[0] ?? null}
          clearable
          onChange={(item) => setFilter({ owasp: item ? [item] : [] })}
        />
        <JudgedCount
          words={judging.words}
          narrowed={narrowed}
          total={total}
          all={summary.total}
          onEverything={() => setFilter(everything)}
        />
        <Popover position="bottom-end" withArrow>
          <Popover.Target>
            <Button size="compact-sm" variant="subtle" color="gray">
              {t('findings.coverage.button', { tested, all: summary.coverage.length })}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <Covered coverage={summary.coverage} />
          </Popover.Dropdown>
        </Popover>
      </div>
    </search>
  );
}
