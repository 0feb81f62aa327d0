import type { go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { short } from '../findings/columns';
import { Severity, severityWord } from '../findings/parts';
import type { Column } from '../inventory/Grid';
import base from '../inventory/inventory.module.css';
import { When } from '../inventory/parts';
import { Text } from '../traffic/Text';
import classes from './Rules.module.css';

/** toSet is how a rule is set now. */
export function toSet(rule: go.ThreatRule): go.SetThreatRuleIn {
  return {
    id: rule.id,
    on: rule.on,
    threshold: rule.threshold === rule.shipped_threshold ? 0 : rule.threshold,
    severity: rule.severity === rule.shipped_severity ? '' : rule.severity,
  };
}

/** thresholdWord is what a rule asks for before it speaks. */
export function thresholdWord({ threshold, threshold_of: of, window }: go.ThreatRule): string {
  if (threshold === 0) return '';
  return window
    ? t('threats.rules.threshold', { n: threshold, of })
    : t('threats.rules.sure', { n: threshold });
}

export const ruleColumns: Column<go.ThreatRule>[] = [
  {
    id: 'on',
    title: () => t('threats.column.on'),
    width: 4.5,
    sort: 'on',
    cell: ({ on, name }) => (
      <button
        type="button"
        role="switch"
        aria-checked={on}
        aria-label={name}
        tabIndex={-1}
        data-do="switch"
        className={classes.switch}
      >
        {on ? t('threats.rules.on') : t('threats.rules.off')}
      </button>
    ),
  },
  {
    id: 'severity',
    title: () => t('threats.column.severity'),
    width: 6,
    sort: 'severity',
    cell: ({ severity }) => <Severity severity={severity} />,
  },
  {
    id: 'name',
    title: () => t('threats.column.rule'),
    width: 16,
    grow: true,
    sort: 'name',
    cell: ({ name, on }) => (
      <span className={on ? undefined : base.dim}>
        <Text text={name} />
      </span>
    ),
  },
  {
    id: 'owasp',
    title: () => t('threats.column.owasp'),
    width: 6,
    cell: ({ owasp }) => <span title={owasp.join(', ')}>{owasp.map(short).join(', ')}</span>,
  },
  {
    id: 'threshold',
    title: () => t('threats.column.threshold'),
    width: 9,
    cell: (rule) => {
      const own = rule.threshold !== rule.shipped_threshold;
      return (
        <span className={own ? undefined : base.dim}>
          <Text text={thresholdWord(rule)} />
        </span>
      );
    },
  },
  {
    id: 'samples',
    title: () => t('threats.column.samples'),
    width: 5,
    end: true,
    cell: ({ samples }) => formatNumber(samples),
  },
  {
    id: 'source',
    title: () => t('threats.column.source'),
    width: 5,
    cell: ({ own }) => (
      <span className={base.dim}>{own ? t('threats.rules.own') : t('threats.rules.shipped')}</span>
    ),
  },
  {
    id: 'threats',
    title: () => t('threats.column.spoke'),
    width: 5,
    end: true,
    sort: 'threats',
    cell: ({ threats }) => (threats > 0 ? formatNumber(threats) : ''),
  },
  {
    id: 'last',
    title: () => t('threats.column.last'),
    width: 5.75,
    end: true,
    sort: 'last',
    cell: ({ last_seen: at }) => <When at={at} />,
  },
];

/** ruleSpoken is a rule in words. */
export function ruleSpoken(rule: go.ThreatRule): string {
  return [
    rule.name,
    rule.on ? t('threats.rules.on') : t('threats.rules.off'),
    severityWord(rule.severity),
    thresholdWord(rule),
    t('threats.spoken.spoke', { n: rule.threats }),
  ]
    .filter(Boolean)
    .join(', ');
}
