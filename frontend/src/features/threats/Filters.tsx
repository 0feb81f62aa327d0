import { Button } from '@mantine/core';
import { IconHourglass, IconX } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import findings from '../findings/findings.module.css';
import { severities, severityWord } from '../findings/parts';
import { toggled } from '../findings/store';
import base from '../inventory/inventory.module.css';
import { Chip } from '../inventory/parts';
import { Words } from '../inventory/Words';
import { states, stateWord } from './parts';
import { everything, setFilter, useThreats } from './store';

interface FiltersProps {
  summary: go.ThreatsSummary;
  total: number | undefined;
  focusList(): void;
}

/** Filters are states and severities with their numbers, slow ones, and words. */
export function Filters({ summary, total, focusList }: FiltersProps) {
  const filter = useThreats((state) => state.filter);
  const counted = (list: readonly go.FindingCount[]) => new Map(list.map(({ value, n }) => [value, n]));
  const byState = counted(summary.states);
  const bySeverity = counted(summary.severities);
  const narrowed = JSON.stringify(filter) !== JSON.stringify(everything);
  return (
    <search className={findings.filters} aria-label={t('threats.filter.label')}>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons that belong together are no fieldset */}
      <div className={base.chips} role="group" aria-label={t('threats.filter.states')}>
        {states.map((state) => (
          <Chip
            key={state}
            label={stateWord(state)}
            n={byState.get(state) ?? 0}
            pressed={filter.states.includes(state)}
            onPress={() => setFilter({ states: toggled(filter.states, state) })}
          />
        ))}
        <span className={findings.gap} />
        {severities.map((severity) => (
          <Chip
            key={severity}
            label={severityWord(severity)}
            n={bySeverity.get(severity) ?? 0}
            title={t('threats.filter.open')}
            pressed={filter.severities.includes(severity)}
            onPress={() => setFilter({ severities: toggled(filter.severities, severity) })}
          />
        ))}
      </div>
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
        {narrowed && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconX size={14} />}
            onClick={() => setFilter(everything)}
          >
            {t('threats.filter.clear')}
          </Button>
        )}
        <span className={findings.faint} role="status">
          {total !== undefined && t('threats.filter.count', { n: total, total: summary.total })}
        </span>
      </div>
    </search>
  );
}
