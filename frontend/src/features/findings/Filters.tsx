import { Button, Popover, Select } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import base from '../inventory/inventory.module.css';
import { Chip } from '../inventory/parts';
import { Words } from '../inventory/Words';
import { Covered } from './Coverage';
import { short } from './columns';
import classes from './findings.module.css';
import { severities, severityWord, states, stateWord } from './parts';
import { everything, setFilter, toggled, useFindings } from './store';

interface FiltersProps {
  summary: go.FindingsSummary;
  total: number | undefined;
  focusList(): void;
}

/** Filters are states and severities with their numbers, target, OWASP item and words. */
export function Filters({ summary, total, focusList }: FiltersProps) {
  const filter = useFindings((state) => state.filter);
  const counted = (list: readonly go.FindingCount[]) => new Map(list.map(({ value, n }) => [value, n]));
  const byState = counted(summary.states);
  const bySeverity = counted(summary.severities);
  const narrowed = JSON.stringify(filter) !== JSON.stringify(everything);
  const tested = summary.coverage.filter(({ judged }) => judged > 0).length;
  return (
    <search className={classes.filters} aria-label={t('findings.filter.label')}>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div className={base.chips} role="group" aria-label={t('findings.filter.states')}>
        {states.map((state) => (
          <Chip
            key={state}
            label={stateWord(state)}
            n={byState.get(state) ?? 0}
            pressed={filter.states.includes(state)}
            onPress={() => setFilter({ states: toggled(filter.states, state) })}
          />
        ))}
        <span className={classes.gap} />
        {severities.map((severity) => (
          <Chip
            key={severity}
            label={severityWord(severity)}
            n={bySeverity.get(severity) ?? 0}
            title={t('findings.filter.open')}
            pressed={filter.severities.includes(severity)}
            onPress={() => setFilter({ severities: toggled(filter.severities, severity) })}
          />
        ))}
      </div>
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
        {narrowed && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconX size={14} />}
            onClick={() => setFilter(everything)}
          >
            {t('findings.filter.clear')}
          </Button>
        )}
        <span className={classes.faint} role="status">
          {total !== undefined && t('findings.filter.count', { n: total, total: summary.total })}
        </span>
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
